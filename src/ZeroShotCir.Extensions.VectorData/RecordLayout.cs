using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.VectorData;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Extensions.VectorData;

/// <summary>How a row is a record: properties of types that every connector takes.</summary>
internal sealed class RecordLayout(VectorDataGalleryStoreOptions options, int dimensions)
{
    private const string Key = "key";
    private const string Id = "id";
    private const string Metadata = "metadata";
    private const string Captions = "captions";
    private const string Parts = "parts";
    private const string Vector = "vector";
    private readonly RowMetric _metric = RowMetric.Parse(options.DistanceFunction);

    public RowMetric Metric => _metric;

    /// <summary>The property of a field that filters may name.</summary>
    public static string PropertyOf(int field) => string.Create(CultureInfo.InvariantCulture, $"field{field}");

    public VectorStoreCollectionDefinition Definition()
    {
        VectorStoreCollectionDefinition definition = new()
        {
            Properties =
            [
                new VectorStoreKeyProperty(Key, options.Key == VectorDataKey.Uuid ? typeof(Guid) : typeof(string)),
                new VectorStoreDataProperty(Id, typeof(string)) { IsIndexed = true },
                new VectorStoreDataProperty(Metadata, typeof(string)),
                new VectorStoreDataProperty(Captions, typeof(string)),
                new VectorStoreDataProperty(Parts, typeof(string)),
                new VectorStoreVectorProperty(Vector, typeof(ReadOnlyMemory<float>), _metric.Width(dimensions)) { DistanceFunction = _metric.Name, IndexKind = options.IndexKind },
            ],
        };
        for (int field = 0; field < options.FilterFields.Count; field++)
        {
            definition.Properties.Add(new VectorStoreDataProperty(PropertyOf(field), typeof(string)) { IsIndexed = true });
        }

        return definition;
    }

    public object KeyOf(string id)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        Guid key = new(hash.AsSpan(0, 16), bigEndian: true);
        return options.Key == VectorDataKey.Uuid ? key : key.ToString("N");
    }

    public Dictionary<string, object?> Record(StoreRow row)
    {
        Dictionary<string, object?> record = new()
        {
            [Key] = KeyOf(row.Id),
            [Id] = row.Id,
            [Metadata] = Write(writer =>
            {
                writer.WriteStartObject();
                foreach ((string name, string value) in row.Item.Metadata)
                {
                    writer.WriteString(name, value);
                }

                writer.WriteEndObject();
            }),
            [Captions] = Write(writer =>
            {
                writer.WriteStartArray();
                foreach (string caption in row.Item.Captions)
                {
                    writer.WriteStringValue(caption);
                }

                writer.WriteEndArray();
            }),
            [Parts] = Convert.ToBase64String([.. Bytes(row.Image.Span), .. Bytes(row.Captions.Span)]),
            [Vector] = _metric.Row(row.Vector),
        };
        for (int field = 0; field < options.FilterFields.Count; field++)
        {
            record[PropertyOf(field)] = row.Item.Metadata.GetValueOrDefault(options.FilterFields[field]);
        }

        return record;
    }

    public static GalleryItem Item(Dictionary<string, object?> record)
    {
        using JsonDocument metadata = JsonDocument.Parse((string)record[Metadata]!);
        using JsonDocument captions = JsonDocument.Parse((string)record[Captions]!);
        return new GalleryItem(
            (string)record[Id]!,
            [.. captions.RootElement.EnumerateArray().Select(caption => caption.GetString()!)],
            metadata.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString()!));
    }

    public StoreRow Row(Dictionary<string, object?> record)
    {
        float[] parts = Floats(Convert.FromBase64String((string)record[Parts]!));
        ReadOnlyMemory<float> stored = record[Vector] switch
        {
            ReadOnlyMemory<float> memory => memory,
            float[] array => array,
            var other => throw new InvalidGalleryException($"The collection gave a vector as {other?.GetType().Name ?? "nothing"}, expected ReadOnlyMemory<float>."),
        };
        return new StoreRow(
            Item(record),
            stored[..dimensions],
            parts.Length >= dimensions ? parts.AsMemory(0, dimensions) : default,
            parts.Length >= 2 * dimensions ? parts.AsMemory(dimensions, dimensions) : default);
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static byte[] Bytes(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }

    private static float[] Floats(byte[] bytes)
    {
        float[] values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return values;
    }
}
