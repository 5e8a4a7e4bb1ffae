namespace ZeroShotCir.Galleries.Indexing;

/// <summary>An image that could not be used, and why.</summary>
public sealed class GalleryFailure
{
    internal GalleryFailure(string id, string message)
    {
        Id = id;
        Message = message;
    }

    /// <summary>The id it was given.</summary>
    public string Id { get; }

    /// <summary>What is wrong with it, in words.</summary>
    public string Message { get; }
}
