using System.Text.Json.Serialization;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging.Preprocessing;

namespace ZeroShotCir.Onnx.Models;

/// <summary>What was found in a model folder and how it will be used.</summary>
public sealed class ModelInspection
{
    internal ModelInspection(
        string family,
        int? dimensions,
        bool unitLength,
        IReadOnlyDictionary<string, GraphInspection> graphs,
        ImagePreprocessing? preprocessing,
        TokenizerInspection? tokenizer,
        IReadOnlyList<string> notes)
    {
        Family = family;
        Dimensions = dimensions;
        IsUnitLength = unitLength;
        Graphs = graphs;
        Preprocessing = preprocessing;
        Tokenizer = tokenizer;
        Notes = notes;
    }

    /// <summary>The family, such as <c>clip</c>.</summary>
    public string Family { get; }

    /// <summary>The number of components of an embedding; <see langword="null"/> where only running the graph tells, or for captioners.</summary>
    public int? Dimensions { get; }

    /// <summary>Whether embeddings are said to have length 1.</summary>
    [JsonPropertyName("unit_length")]
    public bool IsUnitLength { get; }

    /// <summary>By role: <c>image</c>, <c>text</c>, or the name of a captioner's graph.</summary>
    public IReadOnlyDictionary<string, GraphInspection> Graphs { get; }

    /// <summary>What happens to images; <see langword="null"/> without an image graph.</summary>
    public ImagePreprocessing? Preprocessing { get; }

    /// <summary>What happens to texts; <see langword="null"/> without a text graph.</summary>
    public TokenizerInspection? Tokenizer { get; }

    /// <summary>What was chosen and why.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>What the model makes of an image and a text that come together.</summary>
    public CompositionKind Composition { get; internal init; } = CompositionKind.Separate;
}
