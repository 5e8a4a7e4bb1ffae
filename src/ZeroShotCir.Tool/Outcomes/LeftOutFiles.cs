namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What folders hold beside the pictures that were taken.</summary>
/// <param name="Endings">How many files are no pictures, by ending.</param>
/// <param name="Hidden">How many hidden or excluded files and folders were not looked at.</param>
/// <param name="Links">How many links out of the folders were not followed.</param>
internal sealed record LeftOutFiles(IReadOnlyDictionary<string, int> Endings, int Hidden, int Links)
{
    private const int MaxEndings = 8;

    /// <summary>Says it in one line; nothing where nothing was left out.</summary>
    public void ReportTo(IReporter reporter)
    {
        string[] parts = [.. Parts()];
        if (parts.Length > 0)
        {
            reporter.Note($"left out: {string.Join("; ", parts)}");
        }
    }

    private IEnumerable<string> Parts()
    {
        if (Endings.Count > 0)
        {
            IEnumerable<string> named = Endings.OrderByDescending(ending => ending.Value).Take(MaxEndings)
                .Select(ending => FormattableString.Invariant($"{ending.Value:N0} {ending.Key}"));
            string others = Endings.Count > MaxEndings ? FormattableString.Invariant($" and {Endings.Count - MaxEndings} other endings") : "";
            yield return $"{string.Join(", ", named)}{others}, which are no pictures";
        }

        if (Hidden > 0)
        {
            yield return FormattableString.Invariant($"{Hidden:N0} hidden or excluded files and folders (--hidden takes hidden ones)");
        }

        if (Links > 0)
        {
            yield return FormattableString.Invariant($"{Links:N0} links out of the folder (--follow-links follows them)");
        }
    }
}
