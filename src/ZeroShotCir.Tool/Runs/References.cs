using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tool.Runs;

/// <summary>The reference images of a search: files, and pictures of the gallery.</summary>
internal sealed class References
{
    private readonly Gallery _gallery;
    private readonly ImageData[] _images;

    /// <exception cref="InvalidImageException">A file cannot be read.</exception>
    /// <exception cref="UnknownItemException">An id is not in the gallery.</exception>
    public References(Gallery gallery, IReadOnlyList<string> files, IReadOnlyList<string> ids, long maxBytes)
    {
        _gallery = gallery;
        Files = files;
        Ids = [.. ids.Select(id => gallery.IdOf(gallery.OrdinalOf(id)))];
        _images = [.. files.Select(file => ImageData.FromFile(file, maxBytes))];
    }

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

    /// <summary>Puts the references into a query; several count as the mean of their unit vectors.</summary>
    public ComposedQuery Apply(ComposedQuery query)
    {
        QueryTerm[] terms = [.. _images.Select(image => QueryTerm.OfImage(image)), .. Ids.Select(id => QueryTerm.OfItem(id))];
        return terms.Length == 0 ? query : query with { Image = terms[0].Image, ReferenceId = terms[0].ItemId, Terms = terms[1..] };
    }
}
