using System.CommandLine;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tool.Options;

/// <summary>The option that names composition strategies; what it says and reads comes from the table of strategies.</summary>
internal static class FusionOption
{
    /// <summary>What stands for every strategy of the table.</summary>
    public const string All = "all";

    private static readonly string Known = string.Join(", ", StrategyTable.Names);

    /// <summary>The strategies that read descriptions of the target.</summary>
    public static string ReadingTargets { get; } = string.Join(
        ", ", StrategyTable.All.Where(row => row.Terms.Any(term => term.Role == TermRole.TargetDescription)).Select(row => row.Name));

    public static Option<string?> One(string description) => Checked(new Option<string?>("--fusion") { Description = Describe(description), HelpName = "NAME" }, value => [value]);

    /// <summary>Several, or all of them.</summary>
    public static Option<string[]> SeveralOrAll(string description) => Checked(
        new Option<string[]>("--fusion")
        {
            Description = $"{Describe(description)} {All} stands for every one, and a row that lacks evidence says what it needs.",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        },
        values => [.. values.Where(value => value != All)]);

    public static Option<string[]> Several(string description, params string[] defaults) => Named("--fusion", description, defaults);

    public static Option<string[]> Named(string name, string description, params string[] defaults) => Checked(
        new Option<string[]>(name)
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

    /// <summary>Whether a strategy has image and text read together by the model, so that no weight of the text is left to choose.</summary>
    public static bool ReadsTogether(CompositionStrategy strategy) => strategy.Roles.Contains(TermRole.Composed);

    /// <summary>Refuses weights of the text that were asked for where no fusion has one.</summary>
    /// <exception cref="BadUsageException">They were asked for, and the model composes alone.</exception>
    public static void ThrowIfWeightless(ParseResult arguments, Option option, IReadOnlyCollection<CompositionStrategy> fusions)
    {
        if (arguments.GetResult(option) is { Implicit: false } && fusions.All(ReadsTogether))
        {
            throw new BadUsageException(
                $"{option.Name} weighs a text against an image, but with --fusion {fusions.First().Name} the model reads both together and nothing is weighed. "
                + "Leave it out; --beta works as ever.");
        }
    }

    /// <summary>Refuses a model that composes nothing where a fusion asks for it.</summary>
    /// <exception cref="BadUsageException">The model encodes images and texts apart.</exception>
    public static void ThrowIfApart(EncoderSource model, IEnumerable<CompositionStrategy> fusions)
    {
        if (!model.Composes && fusions.FirstOrDefault(ReadsTogether) is { } fusion)
        {
            string instead = model.Composition == CompositionKind.TextOnly ? "reads texts only" : "encodes them apart";
            throw new BadUsageException(
                $"--fusion {fusion.Name} has image and text read together, but the model in '{model.Place}' ({model.Family}) {instead}. "
                + "Use one that composes, such as EmbeddingGemma 2 or BGE-VL, or another fusion.");
        }
    }

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
                result.AddError(Messages.Describe(e));
            }
        });
        return option;
    }
}
