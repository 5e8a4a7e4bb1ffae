using System.Runtime.ExceptionServices;
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
        => new(MapSegments(folder, manifest), manifest.Model.Dimensions, manifest.Model, manifest.Beta)
        {
            Roots = [.. manifest.Roots.Select(root => root.In(folder))],
            Folder = Path.GetFullPath(folder),
            GalleryId = manifest.GalleryId,
            Generation = manifest.Generation,
            Warning = manifest.RowsSince > 1 ? null : GalleryManifest.OldRows(folder),
            KeptProjection = new(() => ProjectionFile.Read(folder, manifest.Model, manifest.Model.Dimensions), LazyThreadSafetyMode.PublicationOnly),
        };

    // A large gallery has a hundred files and more: what is read of all of them is asked for before any is waited for.
    private static GallerySegment[] MapSegments(string folder, GalleryManifest manifest)
    {
        GallerySegment[] segments = new GallerySegment[manifest.Segments.Count];
        try
        {
            Parallel.For(0, segments.Length, segment => SegmentReader.AskAhead(folder, manifest.Segments[segment]));
            Parallel.For(0, segments.Length, segment => segments[segment] = SegmentReader.Map(folder, manifest, manifest.Segments[segment]));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return segments;
    }
}
