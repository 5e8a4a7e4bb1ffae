using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tool.Runs;

/// <summary>The reference images of a search: files, and pictures of the gallery.</summary>
internal sealed class References
{
    /// <summary>What stands for a picture that comes by standard input.</summary>
    public const string StandardInput = "-";
    private readonly Gallery _gallery;
    private readonly ImageData[] _images;

    /// <exception cref="InvalidImageException">A file cannot be read.</exception>
    /// <exception cref="UnknownItemException">An id is not in the gallery.</exception>
    public References(Gallery gallery, IReadOnlyList<string> files, IReadOnlyList<string> ids, long maxBytes)
    {
        _gallery = gallery;
        Files = files;
        Ids = [.. ids.Select(id => gallery.IdOf(gallery.OrdinalOf(id)))];
        _images = [.. files.Select(file => file == StandardInput ? ReadInput(maxBytes) : ImageData.FromFile(file, maxBytes))];
    }

    /// <summary>The pictures of the files.</summary>
    public IReadOnlyList<ImageData> Images => _images;

    public IReadOnlyList<string> Files { get; }

    public IReadOnlyList<string> Ids { get; }

    public int Count => Files.Count + Ids.Count;

    public bool HasImages => Files.Count > 0;

    /// <summary>The ids of the references in the gallery, and of all pictures there that have the bytes of one.</summary>
    public IReadOnlyList<string> FindInGallery()
    {
        HashSet<string> contents = [.. _images.Select(image => image.ComputeSha256()), .. Ids.Select(id => _gallery.ContentOf(_gallery.OrdinalOf(id))).OfType<string>()];
        IEnumerable<string> copies = Enumerable.Range(0, _gallery.OrdinalCount)
            .Where(ordinal => !_gallery.IsRemoved(ordinal) && _gallery.ContentOf(ordinal) is { } content && contents.Contains(content))
            .Select(_gallery.IdOf);
        return [.. Ids.Concat(copies).Distinct(StringComparer.Ordinal)];
    }

    private static ImageData ReadInput(long maxBytes)
    {
        using Stream input = Console.OpenStandardInput();
        using MemoryStream bytes = new();
        byte[] part = new byte[1 << 16];
        for (int read; (read = input.Read(part)) > 0;)
        {
            bytes.Write(part, 0, read);
            if (bytes.Length > maxBytes)
            {
                throw new InvalidImageException($"The picture on standard input has more than {maxBytes} bytes, the most that is read. Allow more by --max-bytes.");
            }
        }

        return bytes.Length > 0
            ? ImageData.FromBytes(bytes.ToArray(), "standard input")
            : throw new InvalidImageException("Standard input is empty; '--image -' expects the bytes of a picture on it.");
    }

    /// <summary>Puts the references into a query; several count as the mean of their unit vectors.</summary>
    public ComposedQuery Apply(ComposedQuery query)
    {
        QueryTerm[] terms = [.. _images.Select(image => QueryTerm.FromImage(image)), .. Ids.Select(id => QueryTerm.FromItem(id))];
        return terms.Length == 0 ? query : query with { Image = terms[0].Image, ReferenceId = terms[0].ItemId, Terms = terms[1..] };
    }
}
