namespace ZeroShotCir.Galleries.Indexing;

/// <summary>What is to become of an image that a gallery is built of.</summary>
internal enum BuildOutcome
{
    /// <summary>It is new or may have changed.</summary>
    Pending,

    /// <summary>The gallery has it as it is.</summary>
    Unchanged,

    /// <summary>It cannot be used, and neither can what the gallery has under its id.</summary>
    Failed,

    /// <summary>It cannot be read now, but nothing says that it is another one than the gallery has.</summary>
    Unreadable,

    /// <summary>It could not be used by an earlier run, and is the same file.</summary>
    KnownFailed,

    /// <summary>The file is no image.</summary>
    NoImage,
}
