namespace ZeroShotCir.Stores.Redis;

/// <summary>Garnet: vector sets of a chosen metric. Scores are negative inner products.</summary>
internal sealed class GarnetDialect : VectorSetDialect
{
    public override string Name => "garnet";

    // Unless told otherwise it quantises, and ranks by Euclidean distance.
    public override IReadOnlyList<object> AddOptions { get; } = ["NOQUANT", "XDISTANCE_METRIC", "IP"];

    public override int Width(int dimensions) => dimensions;

    public override byte[] ToBytes(ReadOnlySpan<float> vector, bool isQuery) => Write(vector, vector.Length);

    public override double InnerProduct(double score, double queryLength) => -score;

    public override void Check(IReadOnlyDictionary<string, string> info, int dimensions, string store, string key)
    {
        Require(info, "distance-metric", "inner-product", "folded rows are not of unit length, and another metric ranks them wrongly.", store, key);
        Require(info, "quant-type", "f32", "its scores would be those of rounded rows.", store, key);
        Require(info, "input-vector-dimensions", $"{dimensions}", "its rows are of another model.", store, key);
    }
}
