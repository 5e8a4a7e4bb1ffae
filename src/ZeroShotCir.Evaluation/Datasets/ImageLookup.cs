namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Finds the files of images that are known by name, listing the folder once instead of asking for every file.</summary>
internal sealed class ImageLookup
{
    private readonly Dictionary<string, string> _extensions = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly string _usualExtension;

    public ImageLookup(string folder, params ReadOnlySpan<string> extensions)
    {
        _folder = folder;
        _usualExtension = extensions[0];
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*", new EnumerationOptions { IgnoreInaccessible = true }) : [];

        // Backwards, so that the first extension wins where a name has several files; a download that broke off at its first byte wins nothing.
        for (int i = extensions.Length - 1; i >= 0; i--)
        {
            foreach (string file in files)
            {
                string name = Path.GetFileNameWithoutExtension(file);
                if (file.EndsWith(extensions[i], StringComparison.OrdinalIgnoreCase) && (!_extensions.ContainsKey(name) || new FileInfo(file).Length > 0))
                {
                    _extensions[name] = Path.GetExtension(file);
                }
            }
        }
    }

    /// <summary>The path of an image; where there is none, the path it would usually have.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name + _extensions.GetValueOrDefault(name, _usualExtension));
}
