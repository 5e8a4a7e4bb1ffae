using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Hub;

/// <summary>Which model is wanted.</summary>
/// <param name="Repository"><c>OWNER/NAME</c>, such as <c>Xenova/clip-vit-base-patch32</c>.</param>
public sealed record ModelRequest(string Repository)
{
    /// <summary>A branch, a tag or a commit.</summary>
    /// <value>The default value is <c>main</c>.</value>
    public string Revision { get; init; } = "main";

    /// <summary>Which variant of the graphs.</summary>
    /// <value><see langword="null"/>, the default value, takes the most faithful one that is published.</value>
    public ModelPrecision? Precision { get; init; }

    /// <summary>The files, for repositories that are laid out in a way of their own.</summary>
    /// <value>Names in the repository. The default value is <see langword="null"/>: the graphs of the model and what belongs to them.</value>
    public IReadOnlyList<string>? Files { get; init; }
}
