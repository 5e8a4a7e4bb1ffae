namespace ZeroShotCir.Sessions;

/// <summary>How a <see cref="SearchSession"/> goes on from turn to turn.</summary>
public sealed class SessionOptions
{
    /// <summary>What becomes of earlier turns.</summary>
    /// <value>The default value is <see cref="SessionHistory.LastTurn"/>: a turn starts anew from its own picture and text.</value>
    public SessionHistory History
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(History));
            field = value;
        }
    } = SessionHistory.LastTurn;

    /// <summary>Whether the reference images of this and earlier turns, which a user has seen, are not found again where they are in the gallery.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool ExcludeReferences { get; set; }

    internal SessionOptions Copy() => (SessionOptions)MemberwiseClone();
}
