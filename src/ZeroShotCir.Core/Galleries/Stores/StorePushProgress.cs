namespace ZeroShotCir.Galleries.Stores;

/// <summary>How far a push has come.</summary>
public sealed class StorePushProgress
{
    internal StorePushProgress(long done, long total)
    {
        Done = done;
        Total = total;
    }

    /// <summary>The number of items that are as the gallery wants them.</summary>
    public long Done { get; }

    /// <summary>The number of items of the gallery.</summary>
    public long Total { get; }
}
