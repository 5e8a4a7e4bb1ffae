namespace ZeroShotCir.Galleries.Indexing;

/// <summary>A folder of images to be indexed, with a name if it is to have a certain one.</summary>
public sealed class NamedFolder
{
    /// <summary>Names a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="name">
    /// The name that leads the ids of its images. Where the gallery has a root of this name, the folder is that root, wherever it was before.
    /// <see langword="null"/> to let the gallery recognize the folder or name it.
    /// </param>
    /// <exception cref="ArgumentException">The path is empty; the name is empty or holds a slash, a backslash or an equals sign.</exception>
    public NamedFolder(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (name is not null && (string.IsNullOrWhiteSpace(name) || name.AsSpan().ContainsAny('/', '\\', '=')))
        {
            throw new ArgumentException($"'{name}' cannot name a folder: a name is not blank and holds no slash, backslash or equals sign.", nameof(name));
        }

        Path = path;
        Name = name;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The name that leads the ids of its images; <see langword="null"/> for the one the gallery gives it.</summary>
    public string? Name { get; }
}
