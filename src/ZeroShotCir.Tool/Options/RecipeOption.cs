using System.CommandLine;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Recipes;

namespace ZeroShotCir.Tool.Options;

/// <summary>The option that names a text recipe.</summary>
internal static class RecipeOption
{
    private const string Name = "--recipe";

    /// <summary>For data sets, whose queries may have several captions; it is read when the data set is known.</summary>
    public static Option<string?> OfDataset() => Create("captions of a query become its text", DatasetRecipe.Names);

    /// <summary>For the text of a search.</summary>
    public static Option<string?> OfText()
    {
        Option<string?> option = Create("the text becomes what is encoded", TextRecipe.Names);
        option.Validators.Add(result =>
        {
            try
            {
                // A recipe may ask for what only data sets have.
                _ = Parse(result.GetValueOrDefault<string?>())?.Compose(["text"]);
            }
            catch (ArgumentException e)
            {
                result.AddError($"{Name}: {Messages.Describe(e)}");
            }
        });
        return option;
    }

    /// <summary>The recipe for the text of a search; <see langword="null"/> for the text as it stands.</summary>
    public static ITextRecipe? Parse(string? asked) => asked is null ? null : TextRecipe.Parse(asked);

    private static Option<string?> Create(string how, IEnumerable<string> names) => new(Name)
    {
        Description = $"How {how}: {string.Join(", ", names)}, or prompt templates such as 'a photo that {{}}'.",
        HelpName = "NAME",
    };
}
