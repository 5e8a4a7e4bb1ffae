using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries;

/// <summary>Opens what a manifest names.</summary>
internal static class GalleryFolder
{
    // A reader that always loses the race against commits would need a commit in each of the milliseconds that opening takes.
    private const int MaxAttempts = 20;

    public static Gallery Open(string folder, out GalleryManifest manifest)
    {
        manifest = GalleryManifest.Read(folder);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return Map(folder, manifest);
            }
            catch (InvalidGalleryException) when (attempt < MaxAttempts)
            {
                // A commit may have replaced files between reading the manifest and opening what it names.
                GalleryManifest latest = GalleryManifest.Read(folder);
                if (latest.Generation == manifest.Generation)
                {
                    throw;
                }

                manifest = latest;
            }
        }
    }

    public static Gallery Map(string folder, GalleryManifest manifest)
        => new([.. manifest.Segments.Select(segment => SegmentReader.Map(folder, manifest, segment))], manifest.Model.Dimensions, manifest.Model, manifest.Beta)
        {
            Roots = [.. manifest.Roots.Select(root => root.In(folder))],
            Folder = Path.GetFullPath(folder),
            GalleryId = manifest.GalleryId,
            Generation = manifest.Generation,
            Warning = manifest.RowsSince > 1 ? null : GalleryManifest.OldRows(folder),
            KeptProjection = new(() => ProjectionFile.Read(folder, manifest.Model, manifest.Model.Dimensions), LazyThreadSafetyMode.PublicationOnly),
        };
}
