using System.Text.Json;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Redis;

/// <summary>
/// What the store holds: how many shards, which foldings, which of them is served. Every shard has a copy, so that any node tells what the
/// others should have; of several copies the one that was written last counts.
/// </summary>
internal sealed class RedisManifest
{
    private const string Format = "zeroshotcir-redis";

    public required long Sequence { get; init; }

    public required int Shards { get; init; }

    /// <summary>How the servers write and compare rows.</summary>
    public required VectorSetDialect Dialect { get; init; }

    /// <summary>The number of the folding that is served; 0 for none.</summary>
    public required int Served { get; init; }

    public required IReadOnlyList<RedisFoldingState> Foldings { get; init; }

    public RedisFoldingState? ServedFolding => Foldings.FirstOrDefault(folding => folding.Number == Served);

    public RedisFoldingState? StagedFolding => Foldings.FirstOrDefault(folding => folding.Number != Served);

    public RedisManifest With(RedisFoldingState folding, int? served = null) => new()
    {
        Sequence = Sequence + 1,
        Shards = Shards,
        Dialect = Dialect,
        Served = served ?? Served,
        Foldings = [.. Foldings.Where(other => other.Number != folding.Number), folding],
    };

    public RedisManifest Only(int number) => new()
    {
        Sequence = Sequence + 1,
        Shards = Shards,
        Dialect = Dialect,
        Served = number,
        Foldings = [.. Foldings.Where(folding => folding.Number == number)],
    };

    public RedisManifest Without(int number) => new()
    {
        Sequence = Sequence + 1,
        Shards = Shards,
        Dialect = Dialect,
        Served = Served,
        Foldings = [.. Foldings.Where(folding => folding.Number != number)],
    };

    public byte[] ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("format", Format);
            writer.WriteNumber("sequence", Sequence);
            writer.WriteNumber("shards", Shards);
            writer.WriteString("dialect", Dialect.Name);
            writer.WriteNumber("served", Served);
            writer.WriteStartArray("foldings");
            foreach (RedisFoldingState folding in Foldings)
            {
                writer.WriteStartObject();
                writer.WriteNumber("number", folding.Number);
                writer.WritePropertyName("description");
                writer.WriteRawValue(StoreDescriptionFormat.ToJson(folding.Description));
                writer.WriteStartArray("rows");
                foreach (long rows in folding.RowsOfShards)
                {
                    writer.WriteNumberValue(rows);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    public static RedisManifest Parse(byte[] json, string store)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format)
            {
                throw new FormatException($"it does not say \"format\": \"{Format}\".");
            }

            return new RedisManifest
            {
                Sequence = root.GetProperty("sequence").GetInt64(),
                Shards = root.GetProperty("shards").GetInt32() is > 0 and var shards ? shards : throw new FormatException("it has no shards."),
                Dialect = VectorSetDialect.Named(root.GetProperty("dialect").GetString()!),
                Served = root.GetProperty("served").GetInt32(),
                Foldings = [.. root.GetProperty("foldings").EnumerateArray().Select(ParseFolding)],
            };
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidGalleryException($"The description of the store '{store}' is damaged: {exception.Message} Delete its keys and push the gallery again.", exception);
        }
    }

    private static RedisFoldingState ParseFolding(JsonElement element) => new(
        element.GetProperty("number").GetInt32(),
        StoreDescriptionFormat.Parse(element.GetProperty("description").GetRawText()),
        [.. element.GetProperty("rows").EnumerateArray().Select(rows => rows.GetInt64())]);
}
