using System.Buffers.Binary;
using System.Runtime.InteropServices;
using StackExchange.Redis;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Stores.Redis;

/// <summary>How a server writes and compares rows.</summary>
internal abstract class VectorSetDialect
{
    /// <summary>The number of components of what is stored for an embedding.</summary>
    public abstract int Width(int dimensions);

    /// <summary>The arguments of <c>VADD</c> behind key, row and element.</summary>
    public abstract IReadOnlyList<object> AddOptions { get; }

    /// <summary>What is stored, or searched with.</summary>
    /// <param name="vector">A folded row, or a query.</param>
    /// <param name="isQuery">Whether it is a query.</param>
    public abstract byte[] ToBytes(ReadOnlySpan<float> vector, bool isQuery);

    /// <summary>The inner product that a server's score stands for.</summary>
    public abstract double InnerProduct(double score, double queryLength);

    /// <summary>Refuses a vector set that would give other scores.</summary>
    /// <exception cref="InvalidGalleryException">It is of another metric, precision or dimension.</exception>
    public abstract void Check(IReadOnlyDictionary<string, string> info, int dimensions, string store, string key);

    public static float[] FromBytes(byte[] bytes, int dimensions)
    {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return vector;
    }

    /// <summary>What the manifest calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The dialect that a manifest names.</summary>
    /// <exception cref="FormatException">It names none.</exception>
    public static VectorSetDialect Named(string name) => new VectorSetDialect[] { new GarnetDialect(), new Redis8Dialect() }.FirstOrDefault(dialect => dialect.Name == name)
        ?? throw new FormatException($"its servers are called '{name}'.");

    /// <summary>Finds the dialect of servers by adding a vector that says its metric: only Garnet knows how.</summary>
    public static async Task<VectorSetDialect> FindAsync(IDatabase database, RedisKey probe)
    {
        VectorSetDialect garnet = new GarnetDialect();
        try
        {
            await database.ExecuteAsync("VADD", [probe, "FP32", garnet.ToBytes([1f, 0f], isQuery: false), "probe", .. garnet.AddOptions]).ConfigureAwait(false);
            return garnet;
        }
        catch (RedisServerException exception) when (!RedisSite.IsAbsence(exception) && !exception.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase))
        {
            return new Redis8Dialect();
        }
        finally
        {
            await database.KeyDeleteAsync(probe).ConfigureAwait(false);
        }
    }

    protected static byte[] Write(ReadOnlySpan<float> vector, int width)
    {
        byte[] bytes = new byte[width * sizeof(float)];
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(vector).CopyTo(bytes);
            return bytes;
        }

        for (int i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        return bytes;
    }

    protected static void Require(IReadOnlyDictionary<string, string> info, string name, string expected, string why, string store, string key)
    {
        if (info.TryGetValue(name, out string? found) && found != expected)
        {
            throw new InvalidGalleryException(
                $"The vector set '{key}' of the store '{store}' says {name} {found}, expected {expected}: {why} Delete it and push the gallery again.");
        }
    }
}
