namespace ZeroShotCir.Onnx.Joint;

/// <summary>What the vision graph makes of an image: vectors that stand among those of words.</summary>
/// <param name="Count">How many.</param>
/// <param name="Values">Their numbers, one vector after another.</param>
internal sealed record ImageTokens(int Count, float[] Values)
{
    /// <summary>The memory that they take.</summary>
    public long Bytes => (long)Values.Length * sizeof(float);
}
