using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>How many captions images have, and what an image without any counts as.</summary>
internal sealed class OwnCaptions
{
    private readonly EvaluationFeatures _features;
    private readonly HashSet<int> _without;
    private readonly bool _imageOnly;

    public OwnCaptions(EvaluationFeatures features, MissingCaptions missing)
    {
        _features = features;
        _without = [.. features.WithoutCaptions];
        _imageOnly = missing == MissingCaptions.ImageOnly;
    }

    public bool IsWithout(int row) => _features.Captions.Count == 0 || _without.Contains(row);

    /// <summary>How many captions of a row count; 0 where it scores by its image alone. The empty text stands for all of them.</summary>
    public int CountOf(int row)
    {
        if (IsWithout(row))
        {
            return _imageOnly ? 0 : _features.Captions.Count;
        }

        return _features.CaptionCounts is { } counts ? Math.Min(counts[row], _features.Captions.Count) : _features.Captions.Count;
    }

    /// <summary>How many captions a reference is compared by; its image stands for all of them where it has none and nothing else does.</summary>
    public int CountOfReference(int row) => CountOf(row) is > 0 and var count ? count : _features.Captions.Count;
}
