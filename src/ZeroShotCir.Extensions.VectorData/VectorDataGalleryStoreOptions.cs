namespace ZeroShotCir.Extensions.VectorData;

/// <summary>How a <see cref="VectorDataGalleryStore"/> uses a collection.</summary>
public sealed class VectorDataGalleryStoreOptions
{
    /// <summary>By what the collection ranks: one of the inner product, the cosine or the Euclidean distance, as
    /// <see cref="Microsoft.Extensions.VectorData.DistanceFunction"/> names them.</summary>
    /// <value>
    /// The default value is <see cref="Microsoft.Extensions.VectorData.DistanceFunction.DotProductSimilarity"/>. For the others each row gets
    /// one component more, which gives it unit length and leaves every score as it is.
    /// </value>
    /// <exception cref="ArgumentException">The name is another one: it could not rank folded rows.</exception>
    public string DistanceFunction
    {
        get;
        set
        {
            _ = RowMetric.Parse(value);
            field = value;
        }
    } = Microsoft.Extensions.VectorData.DistanceFunction.DotProductSimilarity;

    /// <summary>The kind of index, as <see cref="Microsoft.Extensions.VectorData.IndexKind"/> names them.</summary>
    /// <value>The default value is <see langword="null"/>: the connector's.</value>
    public string? IndexKind { get; set; }

    /// <summary>Whether the collection compares every row in float32, as with a flat index.</summary>
    /// <value>The default value is <see langword="false"/>: more are asked for than are wanted, and scored again.</value>
    public bool IsExact { get; set; }

    /// <summary>Of which type keys are.</summary>
    /// <value>The default value is <see cref="VectorDataKey.Text"/>.</value>
    public VectorDataKey Key { get; set; }

    /// <summary>The fields of the metadata that filters may name; each becomes an indexed property. They cannot be changed once the collection is there.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<string> FilterFields
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(FilterFields));
            field = [.. value];
        }
    } = [];

    internal VectorDataGalleryStoreOptions Copy() => (VectorDataGalleryStoreOptions)MemberwiseClone();
}
