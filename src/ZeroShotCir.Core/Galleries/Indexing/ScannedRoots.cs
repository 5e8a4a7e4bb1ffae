using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging.Preprocessing;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>The roots of a gallery, those of the folders that are being looked at among them.</summary>
internal sealed class ScannedRoots
{
    private const int SampleSize = 50;
    private readonly string _folder;
    private readonly Gallery? _gallery;
    private readonly ImageNaming? _naming;
    private readonly List<GalleryRoot> _roots;
    private readonly List<string> _notes = [];

    public ScannedRoots(string folder, Gallery? gallery, ImageNaming? naming)
    {
        _folder = folder;
        _gallery = gallery;
        _naming = naming;
        _roots = [.. gallery?.Roots ?? []];
    }

    public IReadOnlyList<GalleryRoot> All => _roots;

    public IReadOnlyList<string> Notes => _notes;

    public ImageReading? Reading => _gallery is { Count: > 0 } ? _gallery.Model?.Reading : null;

    public long Generation => _gallery?.Generation ?? 0;

    public GalleryRoot Named(string name) => _roots.First(root => root.Name == name);

    /// <summary>The roots that are where they were, by what makes a folder the same.</summary>
    public Dictionary<string, GalleryRoot> Identities()
    {
        Dictionary<string, GalleryRoot> identities = new(StringComparer.Ordinal);
        foreach (GalleryRoot root in _roots)
        {
            if (FolderIdentity.Read(root.Path) is { } identity)
            {
                identities.TryAdd(identity, root);
            }
        }

        return identities;
    }

    /// <summary>The root that a folder is, or belongs to, and the path below it.</summary>
    public (GalleryRoot Root, string Prefix, string Path) Place(NamedFolder folder)
    {
        string identity = FolderIdentity.Read(folder.Path) ?? throw new DirectoryNotFoundException(File.Exists(folder.Path)
            ? $"'{folder.Path}' is a file; expected a folder of images."
            : $"The image folder '{folder.Path}' does not exist. Check the path.");
        if (identity == FolderIdentity.Read(_folder))
        {
            throw new InvalidGalleryException($"'{folder.Path}' is the gallery itself; expected a folder of images. A gallery may lie inside that, but not be it.");
        }

        InferOldRoot(folder.Path);
        GalleryRoot? here = Identities().GetValueOrDefault(identity);
        if (folder.Name is { } name)
        {
            return (PlaceNamed(name, folder.Path, here), "", folder.Path);
        }

        if (here is not null)
        {
            return (Keep(here), "", folder.Path);
        }

        foreach ((string around, GalleryRoot root) in Identities().OrderByDescending(candidate => candidate.Key.Length))
        {
            if (FolderIdentity.Holds(around, identity))
            {
                Keep(root);
                return (root, Path.GetRelativePath(around, identity).Replace('\\', '/'), folder.Path);
            }
        }

        return (FindMoved(folder.Path) is { } moved ? Move(moved, folder.Path) : AddRoot(NewName(folder.Path), folder.Path), "", folder.Path);
    }

    /// <summary>Where an item lies; for items of the first format, where their files' paths say.</summary>
    public ItemPlace? PlaceOf(ItemRecord item)
    {
        if (item.Place is not null || !item.Metadata.TryGetValue("file", out string? file))
        {
            return item.Place;
        }

        GalleryRoot? root = _roots.FirstOrDefault(root => FolderIdentity.Holds(root.Path, file));
        return root is null ? null : new ItemPlace(root.Name, Path.GetRelativePath(root.Path, file).Replace('\\', '/'));
    }

    /// <summary>Whether the gallery has an id for the image at this place.</summary>
    public bool HasAt(string id, ItemPlace place)
        => _gallery is not null && _gallery.TryGetExactOrdinal(id, out int ordinal) && PlaceOf(_gallery.RecordAt(ordinal)) == place;

    // The first format kept one folder without saying so: a file's path without its id.
    private void InferOldRoot(string path)
    {
        if (_roots.Count > 0 || _gallery is null || BuildKnowledge.Items(_gallery).FirstOrDefault().Item is not { } item || !item.Metadata.TryGetValue("file", out string? file))
        {
            return;
        }

        string slashed = file.Replace('\\', '/');
        if (slashed.EndsWith("/" + item.Id, StringComparison.Ordinal))
        {
            _roots.Add(GalleryRoot.Create("", slashed[..^(item.Id.Length + 1)], _folder, ImageNaming.Path));
        }
        else if (Path.GetFileNameWithoutExtension(file) == item.Id && FolderIdentity.Holds(Path.GetFullPath(path), file))
        {
            _roots.Add(GalleryRoot.Create("", path, _folder, ImageNaming.FileName));
        }
    }

    private GalleryRoot PlaceNamed(string name, string path, GalleryRoot? here)
    {
        if (here is not null && here.Name != name)
        {
            throw new InvalidGalleryException($"'{path}' is the root '{here.Name}' of the gallery already; as '{name}' its pictures would be in it twice. Leave the name out.");
        }

        return _roots.FirstOrDefault(root => root.Name == name) is { } known ? Move(known, path) : AddRoot(name, path);
    }

    private GalleryRoot Keep(GalleryRoot root)
    {
        if (_naming is { } naming && naming != root.Naming)
        {
            (string has, string asked) = naming == ImageNaming.Path ? ("names", "paths") : ("paths", "names");
            throw new InvalidGalleryException(
                $"The gallery '{_folder}' calls the pictures of '{root.Path}' by their {has}; called by their {asked} they would be in it twice. "
                + "Leave that option out, or index into another gallery.");
        }

        return Move(root, root.Path);
    }

    private GalleryRoot Move(GalleryRoot root, string path)
    {
        GalleryRoot moved = GalleryRoot.Create(root.Name, path, _folder, root.Naming);
        _roots[_roots.FindIndex(candidate => candidate.Name == root.Name)] = moved;
        return moved;
    }

    private GalleryRoot AddRoot(string name, string path)
    {
        GalleryRoot root = GalleryRoot.Create(name, path, _folder, _naming ?? _roots.FirstOrDefault()?.Naming ?? ImageNaming.Path);
        if (_roots.Count > 0)
        {
            _notes.Add($"'{path}' is a new folder of the gallery; its ids begin with '{name}/'.");
        }

        _notes.AddRange(_roots.Where(other => !Directory.Exists(other.Path)).Select(other =>
            $"The folder '{other.Path}'{(other.Name.Length > 0 ? $" ('{other.Name}')" : "")} of the gallery is not there; its pictures stay in it. "
            + $"Where it was moved, give its new place{(other.Name.Length > 0 ? $" as {other.Name}=PATH" : "")}."));
        _roots.Add(root);
        return root;
    }

    // A root that is not where it was, and half of whose pictures lie here under the same names and with the same sizes.
    private GalleryRoot? FindMoved(string path)
    {
        foreach (GalleryRoot root in _roots.Where(root => !Directory.Exists(root.Path)))
        {
            int looked = 0, found = 0;
            foreach ((ItemRecord item, int _) in BuildKnowledge.Items(_gallery!))
            {
                if (looked == SampleSize)
                {
                    break;
                }

                if (PlaceOf(item) is { } place && place.Root == root.Name && item.Image is { } image)
                {
                    looked++;
                    found += HasSize(root.At(path).FileOf(place.Path), image.Bytes) ? 1 : 0;
                }
            }

            if (found * 2 > looked || (looked > 0 && found * 2 == looked))
            {
                _notes.Add($"'{root.Path}' is not there any more and '{path}' holds its pictures: it is taken for the same folder, moved.");
                return root;
            }
        }

        return null;
    }

    private static bool HasSize(string path, long? bytes)
    {
        try
        {
            return FileStamp.Read(path) is { } file && (bytes is null || file.Bytes == bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string NewName(string path)
    {
        if (_roots.Count == 0)
        {
            return "";
        }

        string name = new([.. Path.GetFileName(FolderIdentity.RealPath(path)).Select(character => character is '/' or '\\' or '=' ? '-' : character)]);
        name = string.IsNullOrWhiteSpace(name) ? "root" : name;
        string candidate = name;
        for (int number = 2; IsTaken(candidate); number++)
        {
            candidate = FormattableString.Invariant($"{name}-{number}");
        }

        return candidate;
    }

    private bool IsTaken(string name)
        => _roots.Any(root => root.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            || (_gallery is not null && BuildKnowledge.Items(_gallery).Any(entry => entry.Item.Id.StartsWith(name + "/", StringComparison.OrdinalIgnoreCase)));
}
