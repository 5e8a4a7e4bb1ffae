using System.CommandLine;
using ZeroShotCir.Composition;

namespace ZeroShotCir.Tool.Options;

/// <summary>The option that names composition strategies; what it says and reads comes from the table of strategies.</summary>
internal static class FusionOption
{
    private static readonly string Known = string.Join(", ", StrategyTable.Names);

    /// <summary>The strategies that read descriptions of the target.</summary>
    public static string ReadingTargets { get; } = string.Join(
        ", ", StrategyTable.All.Where(row => row.Terms.Any(term => term.Role == TermRole.TargetDescription)).Select(row => row.Name));

    public static Option<string?> One(string description) => Checked(new Option<string?>("--fusion") { Description = Describe(description), HelpName = "NAME" }, value => [value]);

    public static Option<string[]> Several(string description, params string[] defaults) => Checked(
        new Option<string[]>("--fusion")
        {
            Description = Describe(description),
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => defaults,
        },
        values => values);

    public static CompositionStrategy Parse(string? text) => text is null ? CompositionStrategy.Weighted : StrategyTable.Parse(text);

    /// <summary>Whether a strategy reads descriptions of the target.</summary>
    public static bool ReadsTargets(CompositionStrategy strategy) => strategy.Roles.Contains(TermRole.TargetDescription);

    private static string Describe(string description) => $"{description}: {Known}; parameters behind a colon, as in pdv:image=1.2,text=1.4.";

    private static Option<T> Checked<T>(Option<T> option, Func<T, string?[]?> values)
    {
        option.Validators.Add(result =>
        {
            try
            {
                foreach (string? value in result.GetValueOrDefault<T>() is { } given ? values(given) ?? [] : [])
                {
                    Parse(value);
                }
            }
            catch (ArgumentException e)
            {
                result.AddError(Messages.Of(e));
            }
        });
        return option;
    }
}
