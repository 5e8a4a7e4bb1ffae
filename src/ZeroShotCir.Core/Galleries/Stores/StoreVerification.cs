namespace ZeroShotCir.Galleries.Stores;

/// <summary>What a <see cref="StoreVerifier"/> found.</summary>
public sealed class StoreVerification
{
    internal StoreVerification(long rows, long compared, int searched, int found, IReadOnlyList<string> problems)
    {
        Rows = rows;
        Compared = compared;
        Searched = searched;
        Found = found;
        Problems = problems;
    }

    /// <summary>The number of rows that the store says it has.</summary>
    public long Rows { get; }

    /// <summary>The number of digests that were compared with the gallery; 0 where the store keeps none.</summary>
    public long Compared { get; }

    /// <summary>The number of images whose own row was searched for.</summary>
    public int Searched { get; }

    /// <summary>How many of them a search found, with their exact scores.</summary>
    public int Found { get; }

    /// <summary>What is wrong, one sentence each; empty where all is right.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Whether all is right.</summary>
    public bool IsValid => Problems.Count == 0;
}
