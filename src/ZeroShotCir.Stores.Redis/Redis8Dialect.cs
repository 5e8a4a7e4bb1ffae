using ZeroShotCir.Composition;

namespace ZeroShotCir.Stores.Redis;

/// <summary>
/// The vector sets of Redis 8, which know the cosine only and scale rows to unit length when they are added: each row gets the component
/// that makes it so, and the query 0, which leaves every inner product as it is. Scores are (1 + cosine) / 2. Written by its documentation
/// and not tested against a server.
/// </summary>
internal sealed class Redis8Dialect : VectorSetDialect
{
    public override string Name => "redis8";

    public override IReadOnlyList<object> AddOptions { get; } = ["NOQUANT"];

    public override int Width(int dimensions) => dimensions + 1;

    public override byte[] ToBytes(ReadOnlySpan<float> vector, bool isQuery)
    {
        float[] widened = [.. vector, isQuery ? 0 : Folding.CosineComponent(vector)];
        return Write(widened, widened.Length);
    }

    public override double InnerProduct(double score, double queryLength) => ((2 * score) - 1) * queryLength;

    public override void Check(IReadOnlyDictionary<string, string> info, int dimensions, string store, string key)
    {
        Require(info, "quant-type", "f32", "its scores would be those of rounded rows.", store, key);
        Require(info, "vector-dim", $"{Width(dimensions)}", "its rows are of another model, or lack the component that gives them unit length.", store, key);
    }
}
