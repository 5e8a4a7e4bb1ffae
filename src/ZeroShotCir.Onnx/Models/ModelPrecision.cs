namespace ZeroShotCir.Onnx.Models;

/// <summary>A numeric variant of a graph and how its file name tells it: the table that transformers.js and Optimum publish by.</summary>
/// <remarks>Immutable; may be shared.</remarks>
public sealed record ModelPrecision
{
    private ModelPrecision(string name, string suffix)
    {
        Name = name;
        Suffix = suffix;
    }

    /// <summary>32-bit floating point.</summary>
    public static ModelPrecision Fp32 { get; } = new("fp32", string.Empty);

    /// <summary>16-bit floating point.</summary>
    public static ModelPrecision Fp16 { get; } = new("fp16", "_fp16");

    /// <summary>Quantized to signed bytes.</summary>
    public static ModelPrecision Signed8 { get; } = new("int8", "_int8");

    /// <summary>Quantized to unsigned bytes.</summary>
    public static ModelPrecision Unsigned8 { get; } = new("uint8", "_uint8");

    /// <summary>Quantized to bytes, as the publisher thought best.</summary>
    public static ModelPrecision Q8 { get; } = new("q8", "_quantized");

    /// <summary>Quantized to 4 bits, with 16-bit floating point between.</summary>
    public static ModelPrecision Q4F16 { get; } = new("q4f16", "_q4f16");

    /// <summary>Quantized to 4 bits.</summary>
    public static ModelPrecision Q4 { get; } = new("q4", "_q4");

    /// <summary>Quantized to 4 bits by bitsandbytes.</summary>
    public static ModelPrecision Bnb4 { get; } = new("bnb4", "_bnb4");

    /// <summary>All variants, the most faithful first.</summary>
    public static IReadOnlyList<ModelPrecision> All { get; } =
        [Fp32, Fp16, Q8, Signed8, Unsigned8, Q4, Q4F16, Bnb4];

    /// <summary>The name, such as <c>q8</c>.</summary>
    public string Name { get; }

    /// <summary>What stands between the name of the graph and <c>.onnx</c>, such as <c>_quantized</c>.</summary>
    public string Suffix { get; }

    /// <summary>Finds a variant by its name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The variant.</returns>
    /// <exception cref="ArgumentException">No variant has this name.</exception>
    public static ModelPrecision Parse(string name)
        => All.FirstOrDefault(precision => string.Equals(precision.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"'{name}' is not a precision; expected one of {string.Join(", ", All)}.", nameof(name));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
