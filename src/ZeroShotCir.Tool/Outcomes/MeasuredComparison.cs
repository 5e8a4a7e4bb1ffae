namespace ZeroShotCir.Tool.Outcomes;

/// <summary>The rows of a comparison, and those that could not be measured.</summary>
internal sealed record MeasuredComparison(IReadOnlyList<MeasuredCandidate> Candidates, IReadOnlyList<UnmeasuredRow> Unmeasured)
{
    /// <summary>The rows of several, one after the other; what one of them measured lacks nothing.</summary>
    public static MeasuredComparison Join(IReadOnlyList<MeasuredComparison> parts)
    {
        MeasuredCandidate[] candidates = [.. parts.SelectMany(part => part.Candidates)];
        HashSet<string> measured = [.. candidates.Select(candidate => candidate.Setting.Fusion.ToString())];
        return new MeasuredComparison(candidates, [.. parts.SelectMany(part => part.Unmeasured).Where(row => !measured.Contains(row.Label)).DistinctBy(row => row.Label)]);
    }
}
