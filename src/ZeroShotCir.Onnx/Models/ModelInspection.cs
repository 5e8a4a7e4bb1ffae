using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging.Preprocessing;

namespace ZeroShotCir.Onnx.Models;

/// <summary>What was found in a model folder and how it will be used.</summary>
/// <param name="Family">The family, such as <c>clip</c>.</param>
/// <param name="Dimensions">The number of components of an embedding; <see langword="null"/> where only running the graph tells, or for captioners.</param>
/// <param name="UnitLength">Whether embeddings are said to have length 1.</param>
/// <param name="Graphs">By role: <c>image</c>, <c>text</c>, or the name of a captioner's graph.</param>
/// <param name="Preprocessing">What happens to images; <see langword="null"/> without an image graph.</param>
/// <param name="Tokenizer">What happens to texts; <see langword="null"/> without a text graph.</param>
/// <param name="Notes">What was chosen and why.</param>
public sealed record ModelInspection(
    string Family,
    int? Dimensions,
    bool UnitLength,
    IReadOnlyDictionary<string, GraphInspection> Graphs,
    ImagePreprocessing? Preprocessing,
    TokenizerInspection? Tokenizer,
    IReadOnlyList<string> Notes)
{
    /// <summary>What the model makes of an image and a text that come together.</summary>
    public CompositionKind Composition { get; init; } = CompositionKind.Separate;
}
