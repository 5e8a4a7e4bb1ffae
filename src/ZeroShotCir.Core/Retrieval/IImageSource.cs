using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>Gives the picture of a gallery item, for what looks at pictures: describers and re-rankers.</summary>
/// <remarks>Implementations serve concurrent callers.</remarks>
public interface IImageSource
{
    /// <summary>Gives a picture.</summary>
    /// <param name="id">The id of the gallery item.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The picture, or <see langword="null"/> where there is none.</returns>
    ValueTask<ImageData?> GetImageAsync(string id, CancellationToken cancellationToken = default);
}
