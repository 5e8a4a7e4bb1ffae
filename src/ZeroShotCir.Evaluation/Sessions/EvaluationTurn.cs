namespace ZeroShotCir.Evaluation.Sessions;

/// <summary>One turn of a session of a data set.</summary>
public sealed class EvaluationTurn
{
    /// <summary>Describes a turn.</summary>
    /// <param name="reference">The reference image, named as in the gallery.</param>
    /// <param name="caption">What the user says; may be blank.</param>
    public EvaluationTurn(string reference, string caption)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        ArgumentNullException.ThrowIfNull(caption);
        Reference = reference;
        Caption = caption;
    }

    /// <summary>The reference image, named as in the gallery.</summary>
    public string Reference { get; }

    /// <summary>What the user says.</summary>
    public string Caption { get; }
}
