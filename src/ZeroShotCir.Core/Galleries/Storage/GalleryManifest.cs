using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ZeroShotCir.Json;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>The state of a gallery folder: which files count. Swapped in one step by every commit.</summary>
internal sealed record GalleryManifest(
    string GalleryId, long Generation, GalleryModel Model, double? Beta, bool Compressed, IReadOnlyList<SegmentManifest> Segments)
{
    public const string FileName = "manifest.json";
    private const string Format = "zeroshotcir-gallery";
    private const int Version = 5;

    // Since then rows are known to be right; and what does not need a newer version is written for those who do not know it.
    private const int RowsVersion = 2;

    // Pictures may have been read at reduced resolution.
    private const int ResolutionVersion = 4;

    /// <summary>Of a segment; such that the lengths of all files can be added up.</summary>
    private const long MaxFileBytes = 1L << 42;

    private static readonly JsonFormat Json = new("gallery manifest", (message, cause) => new InvalidGalleryException(message, cause))
    {
        MaxDepth = 16,
        Remedy = "Restore it from a backup or index the images again.",
    };

    /// <summary>The folders of images that the gallery follows.</summary>
    public IReadOnlyList<GalleryRoot> Roots { get; init; } = [];

    /// <summary>The format in which the oldest rows may have been written: of the first one nobody knows whether they are right.</summary>
    public int RowsSince { get; init; } = RowsVersion;

    /// <summary>The manifest with every row made anew, by this model and by this version.</summary>
    public GalleryManifest Renewed(GalleryModel model) => this with { Model = model, RowsSince = RowsVersion };

    public int Count => Segments.Sum(segment => segment.Rows - segment.Removed);

    public IEnumerable<string> FileNames => Segments.SelectMany(segment => segment.Files.Values.Select(file => file.Name));

    /// <summary>What is to be said of rows whose format did not tell how they were made.</summary>
    public static string OldRows(string folder) =>
        $"The gallery '{folder}' was made by an earlier version, which took turned pictures as they are stored and could encode some wrongly: "
        + "its rows may be wrong, and whether they are of the model that is used cannot be told. "
        + "'cir index --rebuild' (GalleryBuilderOptions.Rebuild) encodes its pictures again and keeps their captions.";

    /// <exception cref="InvalidGalleryException">There is no manifest, or it cannot be understood.</exception>
    public static GalleryManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) || Directory.Exists(path)
            ? Parse(JsonFile.Read(path, Json), folder)
            : throw new InvalidGalleryException($"'{folder}' is not a gallery: it has no {FileName}. Check the path, or index images into it.");
    }

    public byte[] ToJson()
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteNumber("version", VersionNeeded());
        writer.WriteString("gallery", GalleryId);
        writer.WriteNumber("generation", Generation);
        if (RowsSince != RowsVersion)
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
            ImageReadingFormat.Write(writer, reading);
        }

        if (Beta is { } weight)
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

    private static GalleryManifest Parse(JsonField root, string folder)
    {
        if (root.Object()["format"].Text() != Format)
        {
            throw root["format"].Unexpected($"'{Format}'");
        }

        int version = root["version"].Int32(least: 1);
        if (version > Version)
        {
            throw new InvalidGalleryException(
                $"The gallery '{folder}' has format version {version}; this library reads up to {Version}. Update the library, or index the images again.");
        }

        JsonField model = root["model"];
        double? beta = root["caption_weight"].OrNull?.Double();
        GalleryManifest manifest = new(
            root["gallery"].Text(),
            root["generation"].Int64(0, long.MaxValue - 1),
            new GalleryModel(model["image"].Text(), model["text"].OrNull?.Text(), model["dimensions"].Int32(least: 1))
            {
                Reading = ImageReadingFormat.Read(root),
                CanBeCut = model["can_be_cut"].OrNull?.Flag() ?? false,
            },
            beta is null or (>= 0 and <= 1) ? beta : throw root["caption_weight"].Unexpected("a number in [0, 1]"),
            root["compressed"].Flag(),
            [.. root["segments"].Items().Select(ParseSegment)])
        {
            Roots = root["roots"].OrNull is { } roots ? [.. roots.Items().Select(ParseRoot)] : [],
            RowsSince = root["rows_since"].OrNull?.Int32() ?? Math.Min(version, RowsVersion),
        };
        long count = manifest.Segments.Sum(segment => (long)segment.Rows - segment.Removed);
        return root["count"].Int32() == count ? manifest : throw root["count"].Unexpected($"{count}, the items of the segments together");
    }

    private int VersionNeeded()
        => Segments.Any(segment => segment.Files.ContainsKey(SegmentFile.Planes)) ? Version
            : ImageReadingFormat.NeedsNewReader(Model.Reading) ? ResolutionVersion
            : RowsVersion;

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

    private static GalleryRoot ParseRoot(JsonField root) => new(
        PathOf(root["name"]),
        PathOf(root["path"]),
        root["from_gallery"].OrNull is { } relative ? PathOf(relative) : null,
        root["ids"].Text() switch
        {
            "path" => ImageNaming.Path,
            "name" => ImageNaming.FileName,
            _ => throw root["ids"].Unexpected("'path' or 'name'"),
        });

    private static string PathOf(JsonField field)
        => field.Text() is var path && !path.Contains('\0', StringComparison.Ordinal) ? path : throw field.Unexpected("a text that can stand in a path");

    private static SegmentManifest ParseSegment(JsonField segment)
    {
        Dictionary<string, SegmentFile> files = [];
        foreach (JsonField file in segment["files"].Members())
        {
            string name = file["name"].Text();
            files[file.Name] = SegmentNames.IsSegmentFile(name)
                ? new SegmentFile(name, file["bytes"].Int64(0, MaxFileBytes), file["sha256"].Text())
                : throw file["name"].Unexpected("the name of a segment's file");
        }

        SegmentManifest manifest = new(
            segment["name"].Text(), segment["rows"].Int32(least: 1), segment["captions"].Int32(least: 0), segment["removed"].Int32(least: 0), files);
        foreach (string role in (string[])[SegmentFile.Images, SegmentFile.Items, SegmentFile.Ids])
        {
            if (!files.ContainsKey(role))
            {
                throw segment["files"].Fault($"it has no file for its {role}.");
            }
        }

        return manifest.Removed > manifest.Rows
            || (manifest.Captions > 0) != files.ContainsKey(SegmentFile.Captions)
            || (manifest.Removed > 0) != files.ContainsKey(SegmentFile.Removed)
            ? throw segment.Fault("its counts do not fit its files.")
            : manifest;
    }
}
