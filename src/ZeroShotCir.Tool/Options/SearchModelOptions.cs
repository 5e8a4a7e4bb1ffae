using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroShotCir.Composition;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that let chat models take part in a search: one describes what is searched for, one looks at what was found.</summary>
internal sealed class SearchModelOptions
{
    private readonly Option<FileInfo?> _descriptions = new("--composition")
    {
        Description = "Where the composer's descriptions go. What the file already holds, of 'cir compose', too, is not asked for again.",
        HelpName = "FILE.jsonl",
    };

    /// <param name="command">The command.</param>
    /// <param name="hasText">Whether there is a text, without which a chat model sees no query.</param>
    /// <param name="references">How many reference images there are, of which a chat model is shown one.</param>
    public SearchModelOptions(Command command, Func<CommandResult, bool> hasText, Func<CommandResult, int> references)
    {
        Composer = new ComposerOptions(command, $"Have a chat model describe the picture searched for, for the fusions {FusionOption.ReadingTargets}.", isRequired: false);
        command.Add(_descriptions);
        Chat = new ChatModelOptions(command);
        Verifier = new VerifierOptions(command, Chat, keepsVerdicts: false);
        command.Validators.Add(result =>
        {
            bool composes = Composer.IsGiven(result), verifies = Verifier.IsGiven(result);
            string? stray = composes ? null : Composer.FirstGiven(result) ?? (result.GetValue(_descriptions) is null ? null : _descriptions.Name);
            if (stray is not null)
            {
                result.AddError($"{stray} is for --composer{(stray == "--count" ? "; -k says how many pictures are found" : "")}.");
            }
            else if (composes || verifies)
            {
                string model = composes ? "--composer" : "--verifier";
                int count = references(result);
                string? error = !hasText(result) || count == 0 ? $"{model} needs a text and a reference image (--image or --id): a chat model reads both."
                    : count > 1 ? $"{model} shows a chat model one reference image, and {count} were given by --image and --id. Give one, or leave {model} out."
                    : null;
                if (error is not null)
                {
                    result.AddError(error);
                }
            }
        });
    }

    public ComposerOptions Composer { get; }

    public VerifierOptions Verifier { get; }

    public ChatModelOptions Chat { get; }

    /// <summary>Where descriptions are kept; <see langword="null"/> where they are not.</summary>
    public FileInfo? Descriptions(ParseResult arguments) => arguments.GetValue(_descriptions);

    /// <summary>The verification that is asked for; <see langword="null"/> where none is.</summary>
    /// <exception cref="BadUsageException">An option is for a model that was not named.</exception>
    public AskedVerification? Verification(ParseResult arguments) => Verifier.Read(arguments, Composer.Model(arguments));

    /// <summary>The model that describes; <see langword="null"/> where none is asked for.</summary>
    /// <exception cref="BadUsageException">The strategy does not ask for descriptions, or there are some.</exception>
    public string? ComposerFor(ParseResult arguments, CompositionStrategy strategy, bool hasDescriptions)
    {
        if (Composer.Model(arguments) is not { } model)
        {
            return null;
        }

        return hasDescriptions ? throw new BadUsageException("The picture searched for is described by --description; leave it out, or --composer.")
            : strategy.Requires(TermRole.TargetDescription) ? model
            : throw new BadUsageException($"--fusion {strategy.Name} needs no description of the picture searched for; add a fusion that does, such as --fusion target.");
    }
}
