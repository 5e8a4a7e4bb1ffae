using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Tensors;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>Writes one segment, row by row, into files that no manifest names yet.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly GalleryStorage _storage;
    private readonly string _folder;
    private readonly string _galleryId;
    private readonly string _name;
    private readonly int _dimensions;
    private readonly Stream _itemStream;
    private readonly TensorFile _images;
    private TensorFile? _captions;
    private readonly List<float> _imageLengths = [];
    private readonly List<float> _captionLengths = [];
    private readonly List<int> _captionOffsets = [0];
    private readonly List<long> _lineOffsets = [0];
    private readonly List<ulong> _hashes = [];

    public SegmentWriter(GalleryStorage storage, string folder, string galleryId, string name, int dimensions)
    {
        _storage = storage;
        _folder = folder;
        _galleryId = galleryId;
        _name = name;
        _dimensions = dimensions;
        _itemStream = storage.Create(Path.Combine(folder, SegmentNames.File(name, SegmentFile.Items)));
        _images = CreateTensors(SegmentFile.Images, SegmentNames.File(name, SegmentFile.Images));
        _images.Writer.Begin<float>("embeddings", dimensions);
    }

    public string Name => _name;

    public int Rows => _imageLengths.Count;

    /// <summary>Appends a row. Embeddings are unit rows and their former lengths.</summary>
    public void Append(ReadOnlySpan<byte> line, ulong idHash, ReadOnlySpan<float> image, float imageLength, ReadOnlySpan<float> captions, ReadOnlySpan<float> captionLengths)
    {
        _itemStream.Write(line);
        _lineOffsets.Add(_lineOffsets[^1] + line.Length);
        _hashes.Add(idHash);
        _images.Writer.Append(image);
        _imageLengths.Add(imageLength);
        if (captionLengths.Length > 0)
        {
            if (_captions is null)
            {
                _captions = CreateTensors(SegmentFile.Captions, SegmentNames.File(_name, SegmentFile.Captions));
                _captions.Writer.Begin<float>("embeddings", _dimensions);
            }

            _captions.Writer.Append(captions);
            foreach (float length in captionLengths)
            {
                _captionLengths.Add(length);
            }
        }

        _captionOffsets.Add(_captionLengths.Count);
    }

    /// <summary>Finishes the files and waits until they are on the disk.</summary>
    public SegmentManifest Complete(double? beta, bool compress, long generation)
    {
        Dictionary<string, SegmentFile> files = [];
        WriteList(_images, "lengths", _imageLengths);
        files[SegmentFile.Images] = Finish(_images);
        if (_captions is not null)
        {
            WriteList(_captions, "lengths", _captionLengths);
            WriteList(_captions, "offsets", _captionOffsets);
            files[SegmentFile.Captions] = Finish(_captions);
        }

        _storage.Flush(_itemStream);
        _itemStream.Dispose();
        files[SegmentFile.Items] = Describe(SegmentNames.File(_name, SegmentFile.Items));
        files[SegmentFile.Ids] = WriteIds();
        SegmentManifest segment = new(_name, Rows, _captionLengths.Count, 0, files);
        return Fold(segment, beta, compress, generation);
    }

    /// <summary>Writes the folded rows and the compressed copy that a segment on disk should have.</summary>
    public static SegmentManifest Fold(
        GalleryStorage storage, string folder, GalleryManifest manifest, SegmentManifest segment, double? beta, bool compress, long generation)
    {
        GallerySegment mapped = SegmentReader.Map(
            folder, manifest, Underived(segment).With(SegmentFile.Removed, null) with { Removed = 0 });
        segment = Underived(segment);
        EmbeddingMatrix searched = mapped.Images;
        if (beta is > 0 and var weight && segment.Captions > 0)
        {
            string name = SegmentNames.File(segment.Name, SegmentFile.Folded, generation);
            using TensorFile file = new(storage, folder, name, manifest.GalleryId, segment.Name, SegmentFile.Folded);
            file.Writer.SetMetadata("caption_weight", weight.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            file.Writer.Begin<float>("embeddings", mapped.Images.Dimensions);
            float[] folded = new float[mapped.Images.Dimensions];
            for (int row = 0; row < mapped.Rows; row++)
            {
                Folding.Fold(mapped.Images[row], mapped.Captions[row], weight, folded);
                file.Writer.Append<float>(folded);
            }

            file.Finish();
            segment = segment.With(SegmentFile.Folded, Describe(folder, name));
            searched = SafeTensorsFile.Open(Path.Combine(folder, name)).ReadMatrix("embeddings");
        }

        return compress ? Compress(storage, folder, manifest.GalleryId, segment, searched, generation) : segment;
    }

    /// <summary>Writes which rows of a segment are removed.</summary>
    public static SegmentManifest Remove(GalleryStorage storage, string folder, string galleryId, SegmentManifest segment, IReadOnlyCollection<int> rows, long generation)
    {
        string name = SegmentNames.File(segment.Name, SegmentFile.Removed, generation);
        using TensorFile file = new(storage, folder, name, galleryId, segment.Name, SegmentFile.Removed);
        file.Writer.Write<int>("rows", [.. rows], rows.Count);
        file.Finish();
        return segment.With(SegmentFile.Removed, Describe(folder, name)) with { Removed = rows.Count };
    }

    public void Dispose()
    {
        _itemStream.Dispose();
        _images.Dispose();
        _captions?.Dispose();
    }

    private static SegmentManifest Compress(GalleryStorage storage, string folder, string galleryId, SegmentManifest segment, EmbeddingMatrix rows, long generation)
    {
        CompressedRows compressed = CompressedRows.Compress(rows);
        string role = compressed.Planes is null ? SegmentFile.Compressed : SegmentFile.Planes, name = SegmentNames.File(segment.Name, role, generation);
        using TensorFile file = new(storage, folder, name, galleryId, segment.Name, role);
        if (compressed.Planes is { } planes)
        {
            WritePlanes(file.Writer, planes);
        }
        else
        {
            WriteCodes(file.Writer, compressed.Codes!);
        }

        file.Finish();
        return segment.With(role, Describe(folder, name));
    }

    private static void WriteCodes(SafeTensorsWriter writer, QuantizedMatrix codes)
    {
        writer.Write("codes", codes.Codes.Span, codes.Rows, codes.Dimensions);
        writer.Write("scales", codes.Scales.Span, codes.Rows);
        writer.Write("errors", codes.Errors.Span, codes.Rows);
        writer.Write("mean", codes.Mean.Span, codes.Dimensions);
        writer.Write<float>("max_length", [codes.MaxLength]);
    }

    private static void WritePlanes(SafeTensorsWriter writer, CodePlanes planes)
    {
        int tileBytes = CodePlanes.TileBytes(planes.Dimensions);
        writer.Write("coarse", planes.Coarse.Span, planes.Coarse.Length / tileBytes, tileBytes);
        writer.Write("fine", planes.Fine.Span, planes.Rows, CodePlanes.FineBytes(planes.Dimensions));
        writer.Write("bounds", planes.Bounds.Span, planes.Rows, CodePlanes.BoundsOfRow);
        writer.Write("mean", planes.Mean.Span, planes.Dimensions);
        writer.Write<float>("max_lengths", [planes.MaxLength, planes.MaxCoarseLength, planes.MaxCodeLength], 3);
    }

    // Without what is computed from the images and captions for a caption weight.
    private static SegmentManifest Underived(SegmentManifest segment)
        => segment.With(SegmentFile.Folded, null).With(SegmentFile.Compressed, null).With(SegmentFile.Planes, null);

    private SegmentFile WriteIds()
    {
        ulong[] hashes = [.. _hashes];
        int[] rows = [.. Enumerable.Range(0, hashes.Length)];
        Array.Sort(hashes, rows);
        using TensorFile file = CreateTensors(SegmentFile.Ids, SegmentNames.File(_name, SegmentFile.Ids));
        file.Writer.SetMetadata(IdHash.ComposedKey, "true");
        file.Writer.Write<ulong>("hashes", hashes, hashes.Length);
        file.Writer.Write<long>("offsets", CollectionsMarshal.AsSpan(_lineOffsets), _lineOffsets.Count);
        file.Writer.Write<int>("rows", rows, rows.Length);
        return Finish(file);
    }

    private SegmentManifest Fold(SegmentManifest segment, double? beta, bool compress, long generation)
        => Fold(
            _storage, _folder, new GalleryManifest(_galleryId, 0, new GalleryModel(string.Empty, null, _dimensions), null, compress, []),
            segment, beta, compress, generation);

    private SegmentFile Finish(TensorFile file)
    {
        file.Finish();
        return Describe(file.Name);
    }

    private static void WriteList<T>(TensorFile file, string name, List<T> values)
        where T : unmanaged
        => file.Writer.Write<T>(name, CollectionsMarshal.AsSpan(values), values.Count);

    private TensorFile CreateTensors(string role, string name) => new(_storage, _folder, name, _galleryId, _name, role);

    private SegmentFile Describe(string name) => Describe(_folder, name);

    private static SegmentFile Describe(string folder, string name)
    {
        using FileStream stream = File.OpenRead(Path.Combine(folder, name));
        return new SegmentFile(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private sealed class TensorFile : IDisposable
    {
        private readonly GalleryStorage _storage;
        private readonly Stream _stream;

        public TensorFile(GalleryStorage storage, string folder, string name, string galleryId, string segment, string role)
        {
            _storage = storage;
            Name = name;
            _stream = storage.Create(Path.Combine(folder, name));
            Writer = new SafeTensorsWriter(_stream);
            Writer.SetMetadata("gallery", galleryId);
            Writer.SetMetadata("segment", segment);
            Writer.SetMetadata("role", role);
        }

        public string Name { get; }

        public SafeTensorsWriter Writer { get; }

        public void Finish()
        {
            Writer.Complete();
            _storage.Flush(_stream);
            _stream.Dispose();
        }

        public void Dispose()
        {
            Writer.Dispose();
            _stream.Dispose();
        }
    }
}
