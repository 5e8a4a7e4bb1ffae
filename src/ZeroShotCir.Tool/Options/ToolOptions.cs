using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that several commands share, so that one name means one thing everywhere.</summary>
internal static class ToolOptions
{
    public static Option<JsonDestination?> Json()
    {
        Option<JsonDestination?> option = new("--json")
        {
            Description = "Also write the result as one JSON document; '-' is standard output, tables then go to standard error.",
            HelpName = "FILE",
            CustomParser = result => new JsonDestination(result.Tokens[0].Value),
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && new JsonDestination(token.Value).Obstacle is { } obstacle)
            {
                result.AddError(obstacle);
            }
        });
        return option;
    }

    public static Option<FileInfo> TextFile()
        => new("--texts") { Description = "The texts: one {\"text\": \"…\"} per line.", HelpName = "FILE.jsonl", Required = true };

    public static Option<FileInfo> OutFile(string description)
        => new("--out") { Description = description, HelpName = "FILE", Required = true };

    /// <summary>A number in [0, 1]; α and β are such weights.</summary>
    public static Option<double> Weight(string name, double defaultValue, string description)
    {
        Option<double> option = new(name) { Description = description, HelpName = "0..1", DefaultValueFactory = _ => defaultValue };
        option.Validators.Add(result => Check<double>(result, option, value => value is >= 0 and <= 1, "a number from 0 to 1"));
        return option;
    }

    /// <summary>A number in [0, 1] that depends on other options where it is not given.</summary>
    public static Option<double?> OptionalWeight(string name, string description)
    {
        Option<double?> option = new(name) { Description = description, HelpName = "0..1" };
        option.Validators.Add(result => Check<double>(result, option, value => value is >= 0 and <= 1, "a number from 0 to 1"));
        return option;
    }

    /// <summary>Weights as a range or a list.</summary>
    public static Option<string> Range(string name, string description)
    {
        Option<string> option = new(name)
        {
            Description = $"{description} First:last:step, or values separated by commas.",
            HelpName = "RANGE",
            DefaultValueFactory = _ => "0:1:0.05",
        };
        option.Validators.Add(result =>
        {
            try
            {
                if (Sweep.ParseRange(result.GetValueOrDefault<string>()!).FirstOrDefault(value => value is < 0 or > 1, double.NaN) is var outside && !double.IsNaN(outside))
                {
                    result.AddError(FormattableString.Invariant($"{name} holds {outside}, expected weights from 0 to 1."));
                }
            }
            catch (ArgumentException e)
            {
                result.AddError($"{name}: {Messages.Describe(e)}");
            }
        });
        return option;
    }

    /// <summary>How pictures are called.</summary>
    public static Option<string> Ids()
    {
        Option<string> option = new("--ids")
        {
            Description = "What a picture is called: its path below the folder, or its name without folder and extension, as data sets call it.",
            HelpName = "path|name",
            DefaultValueFactory = _ => "path",
        };
        option.AcceptOnlyFromAmong("path", "name");
        return option;
    }

    /// <summary>A whole number of at least 1, to be given where there is no default.</summary>
    public static Option<int> Count(string name, int? defaultValue, string description)
    {
        Option<int> option = new(name) { Description = description, HelpName = "N", Required = defaultValue is null };
        if (defaultValue is { } value)
        {
            option.DefaultValueFactory = _ => value;
        }

        option.Validators.Add(result => Check<int>(result, option, count => count >= 1, "a whole number of at least 1"));
        return option;
    }

    /// <summary>A gallery, named by its folder or by the folder of pictures that it was made of.</summary>
    public static Argument<DirectoryInfo> Gallery(string description) => new("GALLERY") { Description = description, CustomParser = GalleryOf };

    /// <summary>The gallery that a word names; the folder of that name where it is none, for what opens it to say so.</summary>
    public static DirectoryInfo? GalleryOf(ArgumentResult result)
    {
        if (result.Tokens is not [{ Value: var given }])
        {
            return null; // Whether it may be left out, the argument says.
        }

        if (string.IsNullOrWhiteSpace(given))
        {
            result.AddError("The name of the gallery is blank. Name its folder, or the folder of pictures that 'cir index' made it of.");
            return null;
        }

        try
        {
            return GalleryPlace.TryFind(given) ?? new DirectoryInfo(given);
        }
        catch (IOException)
        {
            return new DirectoryInfo(given); // This user has no folder for data, so nothing was made in it.
        }
    }

    /// <summary>Refuses values that look like misspelt options, which an argument of many values would swallow.</summary>
    public static Argument<string[]> Files(string name, string description)
    {
        Argument<string[]> argument = new(name) { Description = description, Arity = ArgumentArity.OneOrMore };
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Select(token => token.Value).FirstOrDefault(value => value.StartsWith('-') && !File.Exists(value)) is { } value)
            {
                result.AddError(UsageErrors.UnknownOption(value, result));
            }
        });
        return argument;
    }

    /// <summary>Refuses values that do not parse or are not valid.</summary>
    // The tokens are parsed here because a validator that asks for a value which does not parse ends the program.
    public static void Check<T>(OptionResult result, Option option, Func<T, bool> isValid, string expected)
        where T : IParsable<T>
    {
        foreach (Token token in result.Tokens)
        {
            if (!(T.TryParse(token.Value, CultureInfo.InvariantCulture, out T? value) && isValid(value)))
            {
                result.AddError($"{option.Name} is '{token.Value}', expected {expected}.");
            }
        }
    }
}
