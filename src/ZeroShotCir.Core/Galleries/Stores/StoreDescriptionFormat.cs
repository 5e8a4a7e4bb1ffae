using System.Text;
using System.Text.Json;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Json;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>The JSON form in which a store keeps its <see cref="StoreDescription"/>; moments are large and kept beside it (<see cref="RowMoments.ToBytes"/>).</summary>
public static class StoreDescriptionFormat
{
    private const string Format = "zeroshotcir-store";
    private const int Version = 2;

    // What does not need a newer version is written for those who do not know it.
    private const int FirstVersion = 1;

    private static readonly JsonFormat Json = new("store description", (message, cause) => new InvalidGalleryException(message, cause))
    {
        MaxDepth = 16,
        Remedy = "Push the gallery to a new store.",
    };

    /// <summary>Writes a description.</summary>
    /// <param name="description">The description.</param>
    /// <returns>A JSON object, without the moments.</returns>
    public static string ToJson(StoreDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            Write(writer, description);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads a description.</summary>
    /// <param name="json">What <see cref="ToJson"/> wrote.</param>
    /// <param name="images">The moments of the image embeddings, where they were kept.</param>
    /// <param name="captions">The moments of the captions' means, where they were kept.</param>
    /// <returns>The description.</returns>
    /// <exception cref="InvalidGalleryException">It is damaged, or of a newer version.</exception>
    public static StoreDescription Parse(string json, RowMoments? images = null, RowMoments? captions = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        JsonField root = JsonFile.Parse(Encoding.UTF8.GetBytes(json), Format, Json).Object();
        if (root["format"].Text() != Format)
        {
            throw root["format"].Unexpected($"'{Format}'");
        }

        int version = root["version"].Int32(least: FirstVersion);
        return version <= Version
            ? Read(root, images, captions)
            : throw new InvalidGalleryException($"The description of the store is of version {version}, this program reads up to {Version}. Use a newer version of it.");
    }

    private static void Write(Utf8JsonWriter writer, StoreDescription description)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteNumber("version", ImageReadingFormat.NeedsNewReader(description.Model?.Reading) ? Version : FirstVersion);
        writer.WriteNumber("dimensions", description.Dimensions);
        writer.WriteNumber("caption_weight", description.Beta);
        writer.WriteString("missing_captions", description.MissingCaptions == MissingCaptions.EmptyText ? "empty-text" : "image-only");
        writer.WriteBoolean("parts", description.KeepsParts);
        writer.WriteNumber("generation", description.Generation);
        writer.WriteBoolean("whole", description.IsWhole);
        if (description.Rows is { } rows)
        {
            writer.WriteNumber("rows", rows);
        }

        if (description.Model is { } model)
        {
            writer.WriteStartObject("model");
            writer.WriteString("image", model.ImageModelId);
            writer.WriteString("text", model.TextModelId);
            if (model.Reading is { } reading)
            {
                ImageReadingFormat.Write(writer, reading);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static StoreDescription Read(JsonField root, RowMoments? images, RowMoments? captions)
    {
        int dimensions = root["dimensions"].Int32(least: 1);
        double beta = root["caption_weight"].Double() is var weight and >= 0 and <= 1 ? weight : throw root["caption_weight"].Unexpected("a number in [0, 1]");
        return new StoreDescription(dimensions, beta)
        {
            MissingCaptions = root["missing_captions"].Text() switch
            {
                "image-only" => MissingCaptions.ImageOnly,
                "empty-text" => MissingCaptions.EmptyText,
                _ => throw root["missing_captions"].Unexpected("'image-only' or 'empty-text'"),
            },
            KeepsParts = root["parts"].Flag(),
            Generation = root["generation"].Int64(),
            IsWhole = root["whole"].Flag(),
            Rows = root["rows"].OrNull?.Int64(),
            Model = root["model"].OrNull is { } model ? ReadModel(model, dimensions) : null,
            Images = images,
            Captions = captions,
        };
    }

    private static GalleryModel ReadModel(JsonField model, int dimensions) => new(model["image"].Text(), model["text"].OrNull?.Text(), dimensions)
    {
        Reading = ImageReadingFormat.IsIn(model) ? ImageReadingFormat.Read(model) : null,
    };
}
