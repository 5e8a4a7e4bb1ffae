using System.Buffers;
using System.Text.Json;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>The state of a gallery folder: which files count. Swapped in one step by every commit.</summary>
internal sealed record GalleryManifest(
    string GalleryId, long Generation, GalleryModel Model, double? CaptionWeight, bool Compressed, IReadOnlyList<SegmentManifest> Segments)
{
    public const string FileName = "manifest.json";
    private const string Format = "zeroshotcir-gallery";
    private const int Version = 2;
    private const long MaxBytes = 64 << 20;
    private const long MaxFileBytes = 1L << 42;

    /// <summary>The folders of images that the gallery follows.</summary>
    public IReadOnlyList<GalleryRoot> Roots { get; init; } = [];

    /// <summary>The format in which the oldest rows may have been written: of the first one nobody knows whether they are right.</summary>
    public int RowsSince { get; init; } = Version;

    /// <summary>The manifest with every row made anew, by this model and by this version.</summary>
    public GalleryManifest Renewed(GalleryModel model) => this with { Model = model, RowsSince = Version };

    public int Count => Segments.Sum(segment => segment.Rows - segment.Removed);

    public IEnumerable<string> FileNames => Segments.SelectMany(segment => segment.Files.Values.Select(file => file.Name));

    /// <summary>What is to be said of rows whose format did not tell how they were made.</summary>
    public static string OldRows(string folder) =>
        $"The gallery '{folder}' was made by an earlier version, which took turned pictures as they are stored and could encode some wrongly: its rows may be wrong, and whether they are of the model that is used cannot be told. "
        + "'cir index --rebuild' (GalleryBuilderOptions.Rebuild) encodes its pictures again and keeps their captions.";

    /// <exception cref="InvalidGalleryException">There is no manifest, or it cannot be understood.</exception>
    public static GalleryManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > MaxBytes)
            {
                throw new FormatException($"it has {file.Length} bytes, more than the {MaxBytes} that are read.");
            }

            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16 });
            return Parse(document.RootElement);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidGalleryException($"'{folder}' is not a gallery: it has no {FileName}. Check the path, or index images into it.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidGalleryException($"The gallery manifest '{path}' cannot be read: {e.Message}", e);
        }
        catch (NewerVersionException e)
        {
            throw new InvalidGalleryException(
                $"The gallery '{folder}' has format version {e.Found}; this library reads up to {Version}. Update the library, or index the images again.", e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new InvalidGalleryException($"The gallery manifest '{path}' is malformed: {e.Message} Restore it from a backup or index the images again.", e);
        }
    }

    public byte[] ToJson()
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteNumber("version", Version);
        writer.WriteString("gallery", GalleryId);
        writer.WriteNumber("generation", Generation);
        if (RowsSince != Version)
        {
            writer.WriteNumber("rows_since", RowsSince);
        }

        writer.WriteStartObject("model");
        writer.WriteString("image", Model.ImageModelId);
        writer.WriteString("text", Model.TextModelId);
        writer.WriteNumber("dimensions", Model.Dimensions);
        if (Model.CanBeCut)
        {
            writer.WriteBoolean("can_be_cut", true);
        }

        writer.WriteEndObject();
        if (Model.Reading is { } reading)
        {
            writer.WriteString("orientation", reading.Orientation == ImageOrientation.Apply ? "apply" : "ignore");
            writer.WriteString("resize_order", reading.ResizeOrder == ResizeOrder.Pillow12 ? "pillow12" : "pillow13");
            if (reading.Decoder is not null)
            {
                writer.WriteString("decoder", reading.Decoder);
            }
        }

        if (CaptionWeight is { } weight)
        {
            writer.WriteNumber("caption_weight", weight);
        }

        writer.WriteBoolean("compressed", Compressed);
        writer.WriteNumber("count", Count);
        WriteRoots(writer);
        writer.WriteStartArray("segments");
        foreach (SegmentManifest segment in Segments)
        {
            writer.WriteStartObject();
            writer.WriteString("name", segment.Name);
            writer.WriteNumber("rows", segment.Rows);
            writer.WriteNumber("captions", segment.Captions);
            writer.WriteNumber("removed", segment.Removed);
            writer.WriteStartObject("files");
            foreach ((string role, SegmentFile file) in segment.Files)
            {
                writer.WriteStartObject(role);
                writer.WriteString("name", file.Name);
                writer.WriteNumber("bytes", file.Bytes);
                writer.WriteString("sha256", file.Sha256);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static GalleryManifest Parse(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out JsonElement format) || !format.ValueEquals(Format))
        {
            throw new FormatException($"it does not say \"format\": \"{Format}\".");
        }

        int version = root.GetProperty("version").GetInt32();
        if (version > Version)
        {
            throw new NewerVersionException(version);
        }

        JsonElement model = root.GetProperty("model");
        GalleryManifest manifest = new(
            root.GetProperty("gallery").GetString()!,
            root.GetProperty("generation").GetInt64(),
            new GalleryModel(
                model.GetProperty("image").GetString() ?? throw new FormatException("it does not name the image encoder."),
                model.GetProperty("text").GetString(),
                Positive(model.GetProperty("dimensions"), "dimensions"))
            {
                Reading = ParseReading(root),
                CanBeCut = model.TryGetProperty("can_be_cut", out JsonElement cut) && cut.GetBoolean(),
            },
            root.TryGetProperty("caption_weight", out JsonElement weight) ? weight.GetDouble() : null,
            root.GetProperty("compressed").GetBoolean(),
            [.. root.GetProperty("segments").EnumerateArray().Select(ParseSegment)])
        {
            Roots = root.TryGetProperty("roots", out JsonElement roots) ? [.. roots.EnumerateArray().Select(ParseRoot)] : [],
            RowsSince = root.TryGetProperty("rows_since", out JsonElement since) ? since.GetInt32() : version,
        };
        if (root.GetProperty("count").GetInt32() != manifest.Count)
        {
            throw new FormatException($"it counts {root.GetProperty("count").GetInt32()} items, its segments have {manifest.Count}.");
        }

        return manifest.CaptionWeight is null or (>= 0 and <= 1)
            ? manifest
            : throw new FormatException($"its caption weight {manifest.CaptionWeight} does not lie in [0, 1].");
    }

    // What is not said is as it was before it could be.
    private static ImageReading ParseReading(JsonElement root) => new()
    {
        Orientation = Text(root, "orientation") switch
        {
            "apply" => ImageOrientation.Apply,
            "ignore" or null => ImageOrientation.Ignore,
            var other => throw new FormatException($"its orientation is '{other}', expected 'apply' or 'ignore'."),
        },
        ResizeOrder = Text(root, "resize_order") switch
        {
            "pillow12" or null => ResizeOrder.Pillow12,
            "pillow13" => ResizeOrder.Pillow13,
            var other => throw new FormatException($"its order of resizing is '{other}', expected 'pillow12' or 'pillow13'."),
        },
        Decoder = Text(root, "decoder"),
    };

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private void WriteRoots(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("roots");
        foreach (GalleryRoot root in Roots)
        {
            writer.WriteStartObject();
            writer.WriteString("name", root.Name);
            writer.WriteString("path", root.Path);
            if (root.FromGallery is { } relative)
            {
                writer.WriteString("from_gallery", relative);
            }

            writer.WriteString("ids", root.Naming == ImageNaming.Path ? "path" : "name");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static GalleryRoot ParseRoot(JsonElement element) => new(
        element.GetProperty("name").GetString() ?? throw new FormatException("a root has no name."),
        element.GetProperty("path").GetString() ?? throw new FormatException("a root has no path."),
        element.TryGetProperty("from_gallery", out JsonElement relative) ? relative.GetString() : null,
        element.GetProperty("ids").GetString() switch
        {
            "path" => ImageNaming.Path,
            "name" => ImageNaming.FileName,
            var other => throw new FormatException($"the ids of a root are '{other}', expected 'path' or 'name'."),
        });

    private static SegmentManifest ParseSegment(JsonElement element)
    {
        string name = element.GetProperty("name").GetString()!;
        Dictionary<string, SegmentFile> files = [];
        foreach (JsonProperty property in element.GetProperty("files").EnumerateObject())
        {
            string fileName = property.Value.GetProperty("name").GetString()!;
            if (!SegmentNames.IsSegmentFile(fileName))
            {
                throw new FormatException($"'{fileName}' is not the name of a segment's file.");
            }

            files.Add(property.Name, new SegmentFile(fileName, Length(property.Value.GetProperty("bytes")), property.Value.GetProperty("sha256").GetString()!));
        }

        SegmentManifest segment = new(
            name, Positive(element.GetProperty("rows"), "rows"), element.GetProperty("captions").GetInt32(), element.GetProperty("removed").GetInt32(), files);
        foreach (string role in (string[])[SegmentFile.Images, SegmentFile.Items, SegmentFile.Ids])
        {
            if (!files.ContainsKey(role))
            {
                throw new FormatException($"the segment '{name}' has no file for its {role}.");
            }
        }

        return segment.Captions < 0 || segment.Removed < 0 || segment.Removed > segment.Rows
            || (segment.Captions > 0) != files.ContainsKey(SegmentFile.Captions)
            || (segment.Removed > 0) != files.ContainsKey(SegmentFile.Removed)
            ? throw new FormatException($"the counts of the segment '{name}' do not fit its files.")
            : segment;
    }

    /// <summary>Of a file; such that those of all files can be added up.</summary>
    private static long Length(JsonElement element)
        => element.GetInt64() is >= 0 and <= MaxFileBytes and var value ? value : throw new FormatException($"a file of {element.GetInt64()} bytes cannot be.");

    private static int Positive(JsonElement element, string what)
        => element.GetInt32() is > 0 and var value ? value : throw new FormatException($"its {what} are not at least 1.");

    private sealed class NewerVersionException(int found) : Exception
    {
        public int Found => found;
    }
}
