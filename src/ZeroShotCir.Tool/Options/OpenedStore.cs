using StackExchange.Redis;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Stores.Postgres;
using ZeroShotCir.Stores.Redis;

namespace ZeroShotCir.Tool.Options;

/// <summary>A store that a command line names by its address.</summary>
internal static class OpenedStore
{
    /// <summary>Whether what was given is the address of a store, rather than a folder.</summary>
    public static bool IsAddress(string given) => given.Contains("://", StringComparison.Ordinal);

    /// <summary>Opens a store.</summary>
    /// <param name="address"><c>redis://host/gallery</c> or <c>postgres://user@host/database/gallery</c>.</param>
    /// <param name="depth">How many candidates an approximate search looks at; <see langword="null"/> for the store's default.</param>
    /// <param name="hnsw">Whether PostgreSQL searches by a graph.</param>
    /// <param name="half">Whether PostgreSQL keeps new rows in half precision.</param>
    /// <param name="shards">In how many vector sets Redis spreads a new gallery.</param>
    /// <exception cref="BadUsageException">The address is of no engine that is known, or malformed.</exception>
    public static async Task<IGalleryStore> OpenAsync(string address, int? depth = null, bool hnsw = false, bool half = false, int? shards = null)
    {
        try
        {
            if (address.StartsWith("redis://", StringComparison.Ordinal) || address.StartsWith("rediss://", StringComparison.Ordinal))
            {
                RedisGalleryStoreOptions options = new() { Shards = shards };
                options.SearchDepth = depth ?? options.SearchDepth;
                return await RedisGalleryStore.ConnectAsync(address, options);
            }

            if (address.StartsWith("postgres://", StringComparison.Ordinal) || address.StartsWith("postgresql://", StringComparison.Ordinal))
            {
                PostgresGalleryStoreOptions options = new() { Index = hnsw ? PostgresIndex.Hnsw : PostgresIndex.None, HalfPrecision = half };
                options.SearchDepth = depth ?? options.SearchDepth;
                return PostgresGalleryStore.Connect(address, options);
            }
        }
        catch (RedisConnectionException exception)
        {
            string shown = address[(Math.Max(address.LastIndexOf('@'), address.LastIndexOf("//", StringComparison.Ordinal) + 1) + 1)..];
            throw new IOException($"No server of the store 'redis://{shown}' answers. Look whether one runs there, and which user and password it wants.", exception);
        }
        catch (ArgumentException exception)
        {
            throw new BadUsageException(exception.Message);
        }

        throw new BadUsageException($"'{address}' is no store: expected redis://host[:port][,host…]/gallery or postgres://[user[:password]@]host[:port]/database/gallery.");
    }
}
