using ZeroShotCir.Composition;

namespace ZeroShotCir.Tests.Composition;

/// <summary>What the documentation says of strategies is what the table says.</summary>
public sealed class StrategyDocumentTests
{
    [Fact]
    public void The_document_has_every_row_of_the_table_word_for_word()
    {
        string path = Path.Combine(RepositoryPaths.Root, "docs", "strategies.md");
        string[] lines = File.ReadAllLines(path);
        string[] expected = [.. StrategyTable.All.Select(Row)];
        string[] actual = [.. lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        Assert.True(expected.SequenceEqual(actual), $"docs/strategies.md differs from the table. Its rows should be:\n{string.Join('\n', expected)}");
    }

    private static string Row(StrategyDefinition row)
    {
        string names = string.Join(", ", row.OtherNames.Prepend(row.Name).Select(name => $"`{name}`"));
        string terms = string.Join(", ", row.Terms.Select(term => term.IsRequired ? $"**{term.Role}**" : $"{term.Role}"));
        string parameters = string.Join("; ", row.Parameters.Select(p => FormattableString.Invariant($"`{p.Name}` {p.Default}: {p.Description} ({p.Range})")));
        string formula = row.Formula.Replace("|", "\\|", StringComparison.Ordinal);
        string alpha = row.UsesAlpha ? "yes" : "no";
        return $"| {names} | {row.Summary.TrimEnd('.')} | `{formula}` | {terms} | {alpha} | {parameters} | {row.Cost} | {row.Source} |";
    }
}
