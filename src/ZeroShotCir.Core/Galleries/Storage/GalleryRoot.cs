namespace ZeroShotCir.Galleries.Storage;

/// <summary>A folder of images that a gallery follows.</summary>
public sealed class GalleryRoot
{
    internal GalleryRoot(string name, string path, string? fromGallery, ImageNaming naming)
    {
        Name = name;
        Path = path;
        FromGallery = fromGallery;
        Naming = naming;
    }

    /// <summary>Its name, with which the ids of its images begin; empty for the first folder of a gallery, unless it was given one.</summary>
    public string Name { get; }

    /// <summary>Where it is: its place relative to the gallery if there is such a folder, or else where it was when it was last indexed.</summary>
    public string Path { get; }

    /// <summary>What its images are called.</summary>
    public ImageNaming Naming { get; }

    /// <summary>Its place relative to the gallery, with slashes, so that both can be moved together.</summary>
    internal string? FromGallery { get; }

    /// <summary>The root as it stands for a gallery in this folder.</summary>
    internal GalleryRoot In(string gallery)
    {
        string? moved = FromGallery is null ? null : System.IO.Path.GetFullPath(System.IO.Path.Combine(gallery, FromGallery));
        return moved is not null && Directory.Exists(moved) ? At(moved) : this;
    }

    internal GalleryRoot At(string path) => new(Name, path, FromGallery, Naming);

    /// <summary>A root at a path, for a gallery in a folder.</summary>
    internal static GalleryRoot Create(string name, string path, string gallery, ImageNaming naming)
    {
        string full = System.IO.Path.GetFullPath(path), relative = System.IO.Path.GetRelativePath(System.IO.Path.GetFullPath(gallery), full);
        return new GalleryRoot(name, full, System.IO.Path.IsPathRooted(relative) ? null : relative.Replace('\\', '/'), naming);
    }

    internal string IdOf(string file)
    {
        string own = Naming == ImageNaming.Path ? file : System.IO.Path.GetFileNameWithoutExtension(file);
        return Name.Length == 0 ? own : $"{Name}/{own}";
    }

    internal string FileOf(string file)
        => System.IO.Path.Combine(Path, System.IO.Path.DirectorySeparatorChar == '/' ? file : file.Replace('/', System.IO.Path.DirectorySeparatorChar));
}
