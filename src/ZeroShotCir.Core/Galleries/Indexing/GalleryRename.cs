namespace ZeroShotCir.Galleries.Indexing;

/// <summary>An image whose file was renamed or moved.</summary>
public sealed class GalleryRename
{
    internal GalleryRename(string from, string to)
    {
        From = from;
        To = to;
    }

    /// <summary>The id it had.</summary>
    public string From { get; }

    /// <summary>The id it has now.</summary>
    public string To { get; }
}
