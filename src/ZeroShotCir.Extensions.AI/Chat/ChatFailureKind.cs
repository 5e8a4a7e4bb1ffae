namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>Whom a failed request concerns, and so what is done about it.</summary>
public enum ChatFailureKind
{
    /// <summary>The same request may succeed later: it is sent again.</summary>
    Transient,

    /// <summary>The server refuses what this request shows or says; others may succeed.</summary>
    Input,

    /// <summary>The server refuses every request until somebody changes something: the key, the credit, the model, the endpoint, a setting.</summary>
    Service,
}
