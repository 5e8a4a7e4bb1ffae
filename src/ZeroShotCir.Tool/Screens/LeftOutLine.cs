namespace ZeroShotCir.Tool.Screens;

/// <summary>One line on what a folder holds beside the pictures that were taken.</summary>
internal static class LeftOutLine
{
    private const int MaxEndings = 8;

    public static void Write(Terminal terminal, IReadOnlyDictionary<string, int> endings, int hidden, int links)
    {
        List<string> parts = [];
        if (endings.Count > 0)
        {
            string named = string.Join(", ", endings.OrderByDescending(ending => ending.Value).Take(MaxEndings).Select(ending => FormattableString.Invariant($"{ending.Value:N0} {ending.Key}")));
            parts.Add($"{named}{(endings.Count > MaxEndings ? FormattableString.Invariant($" and {endings.Count - MaxEndings} other endings") : "")}, which are no pictures");
        }

        if (hidden > 0)
        {
            parts.Add(FormattableString.Invariant($"{hidden:N0} hidden or excluded files and folders (--hidden takes hidden ones)"));
        }

        if (links > 0)
        {
            parts.Add(FormattableString.Invariant($"{links:N0} links out of the folder (--follow-links follows them)"));
        }

        if (parts.Count > 0)
        {
            terminal.Note($"left out: {string.Join("; ", parts)}");
        }
    }
}
