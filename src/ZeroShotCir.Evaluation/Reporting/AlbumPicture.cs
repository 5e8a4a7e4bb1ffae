namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>A picture of an album in a report.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Thumbnail">A small JPEG; empty where it cannot be shown.</param>
/// <param name="IsAnswer">Whether it is a right answer.</param>
internal sealed record AlbumPicture(string Name, ReadOnlyMemory<byte> Thumbnail, bool IsAnswer = false)
{
    /// <summary>Whether it looks right and is not.</summary>
    public bool IsNegative { get; init; }
}
