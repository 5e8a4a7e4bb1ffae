using Microsoft.Extensions.Logging;

namespace ZeroShotCir.Extensions.Hosting.Logging;

/// <summary>What the services of a host say, generated.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Opened the gallery {Gallery}: {Count} images of {Dimensions} dimensions, {Captions} captions, in {Milliseconds} ms.")]
    public static partial void GalleryOpened(ILogger logger, string gallery, int count, int dimensions, long captions, long milliseconds);

    [LoggerMessage(2, LogLevel.Information, "Another process updated the gallery {Gallery}: {Before} images before, {Count} now.")]
    public static partial void GalleryReloaded(ILogger logger, string gallery, long before, long count);

    [LoggerMessage(3, LogLevel.Warning, "The gallery {Gallery} was updated, but cannot be opened; the one opened before stays in use.")]
    public static partial void ReloadFailed(ILogger logger, Exception exception, string gallery);

    [LoggerMessage(4, LogLevel.Information, "Warmed up the gallery {Gallery} and its model in {Milliseconds} ms.")]
    public static partial void WarmedUp(ILogger logger, string gallery, long milliseconds);

    [LoggerMessage(
        6, LogLevel.Information, "Opened the store {Store}: {Count} images of {Dimensions} dimensions, folded for the caption weight {Beta}, in {Milliseconds} ms.")]
    public static partial void StoreOpened(ILogger logger, string store, long count, int dimensions, double beta, long milliseconds);

    [LoggerMessage(5, LogLevel.Warning, "About the gallery {Gallery}: {Warning}")]
    public static partial void GalleryWarning(ILogger logger, string gallery, string warning);
}
