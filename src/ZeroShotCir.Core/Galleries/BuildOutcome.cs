namespace ZeroShotCir.Galleries;

/// <summary>What is to become of an image that a gallery is built of.</summary>
internal enum BuildOutcome
{
    /// <summary>It is new or may have changed.</summary>
    Pending,

    /// <summary>The gallery has it as it is.</summary>
    Unchanged,

    /// <summary>It cannot be used.</summary>
    Failed,
}
