using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say on which data sets models are compared: a folder for each, and a split for all or for each.</summary>
internal sealed class ComparedDatasets
{
    private const string UsualSplit = "val";

    private readonly Option<string[]> _names = Several(
        "--dataset", "The data sets, each with its --root; without any, the built-in TinyFashion.", string.Join('|', DatasetReader.Names));
    private readonly Option<string[]> _roots = Several("--root", "The folder of each data set's official layout, in the same order.", "DIR");
    private readonly Option<string[]> _splits = Several("--split", $"The split, one for all data sets or one for each; without it, {UsualSplit}.", "NAME");
    private readonly Option<string[]> _categories = Several(
        "--category", "FashionIQ's categories, the tasks of GeneCIS or M-BEIR, PatternCom's attributes, of a single data set; without it, all of them and their average.", "NAME");

    private readonly Option<string> _gallery = new("--gallery")
    {
        Description = "FashionIQ's gallery: the split file's, or the smaller union of references and targets (VAL protocol).",
        HelpName = "split|union",
        DefaultValueFactory = _ => "split",
    };

    public ComparedDatasets(Command command)
    {
        _names.AcceptOnlyFromAmong([.. DatasetReader.Names]);
        _gallery.AcceptOnlyFromAmong("split", "union");
        foreach (Option option in (Option[])[_names, _roots, _splits, _categories, _gallery])
        {
            command.Add(option);
        }

        command.Validators.Add(Check);
    }

    /// <summary>How many are given; none stands for the built-in world.</summary>
    public int Count(ParseResult arguments) => arguments.GetValue(_names)!.Length;

    public string Name(ParseResult arguments, int position) => arguments.GetValue(_names)![position];

    /// <summary>Reads the annotations of one data set.</summary>
    public IReadOnlyList<EvaluationDataset> Read(ParseResult arguments, int position) => DatasetReader.Read(
        Name(arguments, position),
        arguments.GetValue(_roots)![position],
        Split(arguments, position),
        arguments.GetValue(_categories)!,
        arguments.GetValue(_gallery) == "union" ? GalleryProtocol.ValUnion : GalleryProtocol.Split);

    /// <summary>The options that name one data set alone on a command line.</summary>
    public string ArgumentsOf(ParseResult arguments, int position)
    {
        string split = Split(arguments, position);
        string[] categories = arguments.GetValue(_categories)!;
        string?[] parts =
        [
            $"--dataset {Name(arguments, position)} --root {CommandLineWord.Quoted(arguments.GetValue(_roots)![position])}",
            split == UsualSplit ? null : $"--split {CommandLineWord.Quoted(split)}",
            categories.Length == 0 ? null : $"--category {string.Join(' ', categories.Select(CommandLineWord.Quoted))}",
            arguments.GetValue(_gallery) == "union" ? "--gallery union" : null,
        ];
        return string.Join(' ', parts.OfType<string>());
    }

    private string Split(ParseResult arguments, int position) => arguments.GetValue(_splits) switch
    {
        null or [] => UsualSplit,
        [var all] => all,
        var each => each[position],
    };

    private void Check(CommandResult result)
    {
        int[] given = [.. ((Option<string[]>[])[_names, _roots, _splits, _categories]).Select(option => result.GetResult(option)?.Tokens.Count ?? 0)];
        Option[] dependent = [_names, _roots, _splits, _categories, _gallery];
        if (given[0] == 0 || given[1] == 0)
        {
            if (dependent.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } alone)
            {
                result.AddError($"{alone.Name} needs both --dataset and --root.");
            }
        }
        else if (given[0] != given[1])
        {
            result.AddError($"There are {given[0]} data sets and {given[1]} folders; give each --dataset its --root, in the same order.");
        }
        else if (given[2] > 1 && given[2] != given[0])
        {
            result.AddError($"There are {given[0]} data sets and {given[2]} splits; give one --split for all, or one for each.");
        }
        else if (given[0] > 1 && given[3] > 0)
        {
            result.AddError("--category is of one data set; compare several as they are, or one at a time.");
        }
    }

    private static Option<string[]> Several(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };
}
