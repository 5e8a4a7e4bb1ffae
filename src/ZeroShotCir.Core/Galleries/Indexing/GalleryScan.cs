using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging.Preprocessing;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>What lies in the folders that a gallery follows, or is to follow: the images to bring it up to date with.</summary>
/// <remarks>
/// No image is opened yet. What the file system says of a file is asked here, once: whatever happens to it later is for the next look.
/// A folder is recognized as a root of the gallery by its name, by its place, or, where a root is not where it
/// was, by what lies in it; a folder below a root is a part of it; any other folder becomes a new root, whose name leads its ids.
/// </remarks>
public sealed class GalleryScan
{
    private readonly IReadOnlyList<ScanScope> _scopes;
    private readonly ScannedRoots _roots;

    internal GalleryScan(string gallery, ScannedRoots roots, IReadOnlyList<ScanScope> scopes, GalleryShard? shard = null)
    {
        Gallery = gallery;
        _roots = roots;
        _scopes = scopes;
        List<ImageFolderProblem> problems = [];
        List<GallerySource> found = new(scopes.Sum(scope => scope.Content.Files.Count));
        foreach (ScanScope scope in scopes)
        {
            GalleryRoot root = roots.Named(scope.Root);
            problems.AddRange(scope.Content.Problems.Select(problem => new ImageFolderProblem(scope.PathOf(problem.Name), problem.Message)));
            foreach (ImageFolderFile file in scope.Content.Files)
            {
                ItemPlace place = new(root.Name, scope.PathOf(file.Name));
                found.Add(new GallerySource(root.IdOf(place.Path), file) { Place = place });
            }
        }

        if (!IsAscending(found))
        {
            found = SortDistinct(found, problems);
        }

        if (shard is not null)
        {
            found.RemoveAll(image => !shard.Contains(image.Id));
        }

        Images = found;
        Problems = problems;
    }

    /// <summary>The files, images or not, by ascending ids. What they are shows when they are read.</summary>
    public IReadOnlyList<GallerySource> Images { get; }

    /// <summary>Files and folders that could not be looked at.</summary>
    public IReadOnlyList<ImageFolderProblem> Problems { get; }

    /// <summary>What the folders were taken for, where that is not plain: one sentence each.</summary>
    public IReadOnlyList<string> Notes => _roots.Notes;

    /// <summary>How many hidden files and folders, and ones a pattern leaves out, were not looked at.</summary>
    public int Hidden => _scopes.Sum(scope => scope.Content.Hidden);

    /// <summary>How many links that lead out of the folders were not followed.</summary>
    public int Links => _scopes.Sum(scope => scope.Content.Links);

    /// <summary>How the gallery's pictures were read, so that new ones can be read alike; <see langword="null"/> where it has none.</summary>
    public ImageReading? Reading => _roots.Reading;

    internal string Gallery { get; }

    internal long Generation => _roots.Generation;

    /// <summary>The roots that the gallery is to have.</summary>
    internal IReadOnlyList<GalleryRoot> Roots => _roots.All;

    /// <summary>Looks at folders, for a gallery.</summary>
    /// <param name="gallery">The gallery folder; may not exist. It is left out where it lies in one of the folders.</param>
    /// <param name="folders">The folders.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="DirectoryNotFoundException">A folder does not exist.</exception>
    /// <exception cref="InvalidGalleryException">
    /// The gallery is damaged or of a newer version, calls its images otherwise than is asked for, or is one of the folders itself.
    /// </exception>
    public static GalleryScan Read(string gallery, IReadOnlyList<NamedFolder> folders, GalleryScanOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(gallery);
        ArgumentNullException.ThrowIfNull(folders);
        options ??= new GalleryScanOptions();
        ScannedRoots roots = new(gallery, File.Exists(Path.Combine(gallery, GalleryManifest.FileName)) ? Galleries.Gallery.Open(gallery) : null, options.Naming);
        List<(GalleryRoot Root, string Prefix, string Path)> places = [.. folders.Select(roots.Place)];

        // A root inside another one keeps its own name, and is looked at with the one around it.
        string? own = FolderIdentity.Read(gallery);
        Dictionary<string, GalleryRoot> identities = roots.Identities();
        foreach ((string identity, GalleryRoot root) in identities)
        {
            if (places.Any(place => place.Prefix.Length == 0 && FolderIdentity.Read(place.Path) is { } around && FolderIdentity.Holds(around, identity))
                && places.All(place => place.Root.Name != root.Name))
            {
                places.Add((root, "", root.Path));
            }
        }

        List<ScanScope> scopes = [];
        foreach ((GalleryRoot root, string prefix, string path) in places.DistinctBy(place => (place.Root.Name, place.Prefix)))
        {
            string[] except = [.. identities.Where(identity => identity.Value.Name != root.Name).Select(identity => identity.Key), .. own is null ? Array.Empty<string>() : [own]];
            scopes.Add(new ScanScope(root.Name, prefix, new FolderWalk(path, options.Files, except).Run(cancellationToken)));
        }

        return new GalleryScan(gallery, roots, scopes, options.Shard);
    }

    /// <summary>Finds the images among the files by looking at their first bytes, for those who need them before the gallery is built.</summary>
    /// <returns>The images. Files that cannot be read are left to whoever reads them.</returns>
    public IReadOnlyList<GallerySource> FindImages()
    {
        return [.. Images.Where(image => IsImage(image))];

        static bool IsImage(GallerySource image)
        {
            try
            {
                return (image.Stamp ?? FileStamp.Read(image.Path)) is { IsFile: true } && ImageFolder.IsImage(image.Path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return true;
            }
        }
    }

    /// <summary>Whether an item of the gallery, whose id was not found, is missing; otherwise it lies elsewhere.</summary>
    internal bool IsMissing(ItemRecord item) => _roots.PlaceOf(item) is { } place && _scopes.Any(scope => scope.Covers(place));

    // As it is where one folder was looked at: its files come by their names.
    private static bool IsAscending(List<GallerySource> images)
    {
        for (int i = 1; i < images.Count; i++)
        {
            if (string.CompareOrdinal(images[i - 1].Id, images[i].Id) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private List<GallerySource> SortDistinct(List<GallerySource> images, List<ImageFolderProblem> problems)
    {
        Dictionary<string, GallerySource> byId = new(images.Count, StringComparer.Ordinal);
        foreach (GallerySource image in images)
        {
            Add(byId, image, problems);
        }

        List<GallerySource> sorted = [.. byId.Values];
        sorted.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return sorted;
    }

    // The image that has an id keeps it; the other one is told.
    private void Add(Dictionary<string, GallerySource> images, GallerySource image, List<ImageFolderProblem> problems)
    {
        if (images.TryAdd(image.Id, image))
        {
            return;
        }

        GallerySource first = images[image.Id], other = image;
        if (_roots.HasAt(image.Id, image.Place!))
        {
            (first, other) = (image, first);
            images[image.Id] = image;
        }

        problems.Add(new ImageFolderProblem(
            other.Place!.Path,
            $"'{first.Path}' and '{other.Path}' have the same name, '{image.Id}'; the second one is left out. "
            + "Call pictures by their paths, or give the folders other names."));
    }
}
