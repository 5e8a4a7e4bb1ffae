using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Imaging.Preprocessing;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>Where the embeddings of a run came from; what does not apply is <see langword="null"/>.</summary>
internal sealed record SourceManifest
{
    public ModelManifest? Model { get; init; }

    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>What a service was asked.</summary>
    public EmbeddingUsage? Usage { get; init; }

    public ImagePreprocessing? Preprocessing { get; init; }

    public string? TextRecipe { get; init; }

    public string? Captions { get; init; }

    /// <summary>The file with descriptions of targets.</summary>
    public string? Composition { get; init; }

    /// <summary>How many queries have a description of their target; for the others, their text stood in.</summary>
    public int? Described { get; init; }
}
