using System.Text.Json;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>The JSON form in which a store keeps its <see cref="StoreDescription"/>; moments are large and kept beside it (<see cref="RowMoments.ToBytes"/>).</summary>
public static class StoreDescriptionFormat
{
    private const string Format = "zeroshotcir-store";
    private const int Version = 1;

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

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
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
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format)
            {
                throw new FormatException($"it does not say \"format\": \"{Format}\".");
            }

            int version = root.GetProperty("version").GetInt32();
            return version <= Version
                ? Read(root, images, captions)
                : throw new InvalidGalleryException($"The description of the store is of version {version}, this program reads up to {Version}. Use a newer version of it.");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidGalleryException($"The description of the store is damaged: {exception.Message} Push the gallery to a new store.", exception);
        }
    }

    private static void Write(Utf8JsonWriter writer, StoreDescription description)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteNumber("version", Version);
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
                writer.WriteString("orientation", reading.Orientation == ImageOrientation.Apply ? "apply" : "ignore");
                writer.WriteString("resize_order", reading.ResizeOrder == ResizeOrder.Pillow13 ? "pillow13" : "pillow12");
                if (reading.Resolution == ImageResolution.Reduced)
                {
                    writer.WriteString("resolution", "reduced");
                }

                writer.WriteString("decoder", reading.Decoder);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static StoreDescription Read(JsonElement root, RowMoments? images, RowMoments? captions)
    {
        int dimensions = root.GetProperty("dimensions").GetInt32();
        return new StoreDescription(dimensions, root.GetProperty("caption_weight").GetDouble())
        {
            MissingCaptions = root.GetProperty("missing_captions").GetString() switch
            {
                "image-only" => MissingCaptions.ImageOnly,
                "empty-text" => MissingCaptions.EmptyText,
                var other => throw new FormatException($"missing captions are '{other}', expected 'image-only' or 'empty-text'."),
            },
            KeepsParts = root.GetProperty("parts").GetBoolean(),
            Generation = root.GetProperty("generation").GetInt64(),
            IsWhole = root.GetProperty("whole").GetBoolean(),
            Rows = root.TryGetProperty("rows", out JsonElement rows) ? rows.GetInt64() : null,
            Model = root.TryGetProperty("model", out JsonElement model) ? ReadModel(model, dimensions) : null,
            Images = images,
            Captions = captions,
        };
    }

    private static GalleryModel ReadModel(JsonElement model, int dimensions)
        => new(model.GetProperty("image").GetString() ?? throw new FormatException("it does not name the image encoder."), model.GetProperty("text").GetString(), dimensions)
        {
            Reading = !model.TryGetProperty("orientation", out JsonElement orientation) ? null : new ImageReading
            {
                Orientation = orientation.GetString() == "apply" ? ImageOrientation.Apply : ImageOrientation.Ignore,
                ResizeOrder = model.GetProperty("resize_order").GetString() == "pillow13" ? ResizeOrder.Pillow13 : ResizeOrder.Pillow12,
                Resolution = model.TryGetProperty("resolution", out JsonElement resolution) && resolution.GetString() == "reduced" ? ImageResolution.Reduced : ImageResolution.Full,
                Decoder = model.GetProperty("decoder").GetString(),
            },
        };
}
