namespace ZeroShotCir.Stores.Postgres;

/// <summary>How a <see cref="PostgresGalleryStore"/> finds the best rows.</summary>
public enum PostgresIndex
{
    /// <summary>It compares all of them: exact, and fast enough up to some hundred thousand rows.</summary>
    None,

    /// <summary>By the graph of pgvector (HNSW): approximate, and fast with many rows. It is built when a push ends.</summary>
    Hnsw,
}
