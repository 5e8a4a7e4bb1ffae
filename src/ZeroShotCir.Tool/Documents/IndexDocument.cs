using System.Text.Json.Serialization;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir index</c>.</summary>
/// <param name="Added">Pictures that are new or whose bytes, captions or metadata changed.</param>
/// <param name="Replaced">Those of them whose id the gallery had.</param>
/// <param name="Unchanged">Pictures the gallery had.</param>
/// <param name="Removed">How many are gone or spoilt.</param>
/// <param name="Renamed">How many were recognized under another name.</param>
/// <param name="Missing">Ids of pictures that are not there and were kept.</param>
/// <param name="Failed">What could not be used, known to earlier runs or not.</param>
/// <param name="LeftOut">How many files are no pictures, by ending.</param>
/// <param name="Hidden">How many hidden or excluded files and folders were not looked at.</param>
/// <param name="Links">How many links out of the folders were not followed.</param>
/// <param name="Duplicates">How many pictures are exact copies of others.</param>
/// <param name="Notes">What the folders were taken for, where that is not plain.</param>
/// <param name="RemovedIds">What <paramref name="Removed"/> counts.</param>
/// <param name="Renames">What <paramref name="Renamed"/> counts.</param>
/// <param name="Count">How many pictures the gallery has now.</param>
/// <param name="Captions">What a captioner did.</param>
/// <param name="Seconds">The time it took.</param>
internal sealed record IndexDocument(
    int Added,
    int Replaced,
    int Unchanged,
    int Removed,
    int Renamed,
    IReadOnlyList<string> Missing,
    IReadOnlyList<FailedFile> Failed,
    IReadOnlyDictionary<string, int> LeftOut,
    int Hidden,
    int Links,
    int Duplicates,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> RemovedIds,
    IReadOnlyList<RenamedFile> Renames,
    int Count,
    CaptionDocument? Captions,
    double Seconds) : PartialResult
{
    /// <summary>What a model that reads images among words was given, and how much of it was padding.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EncodingLoad? Load { get; init; }

    /// <summary>What a service was asked for embeddings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EmbeddingUsage? Usage { get; init; }

    /// <summary>The gallery folder.</summary>
    public required string Gallery { get; init; }
}
