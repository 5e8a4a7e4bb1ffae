namespace ZeroShotCir.Evaluation.Settings;

/// <summary>What becomes of a query that lacks evidence that its strategy reads.</summary>
public enum MissingEvidence
{
    /// <summary>It is an error that says what is missing.</summary>
    Refuse,

    /// <summary>
    /// Something stands in: for a description of the target the directions of the reference's captions and of the text together, for a
    /// caption of a reference that has none (where images without captions score by themselves) its image, and for the mean of the captions,
    /// where there are none at all, that of the queries' texts. Such figures do not compare with those of a strategy that had its evidence.
    /// </summary>
    StandIn,
}
