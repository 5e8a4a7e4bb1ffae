using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Hub;

/// <summary>Which model is wanted.</summary>
public sealed record ModelRequest
{
    /// <summary>Asks for a model as the hub serves it: the latest commit, the most faithful graphs.</summary>
    /// <param name="repository"><c>OWNER/NAME</c>, such as <c>Xenova/clip-vit-base-patch32</c>.</param>
    public ModelRequest(string repository)
    {
        Repository = repository;
    }

    /// <summary><c>OWNER/NAME</c>, such as <c>Xenova/clip-vit-base-patch32</c>.</summary>
    public string Repository { get; init; }

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
