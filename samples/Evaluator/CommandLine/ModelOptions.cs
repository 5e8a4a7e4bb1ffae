using System.CommandLine;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Evaluator.CommandLine;

/// <summary>The options that say which model is used and how.</summary>
internal sealed class ModelOptions
{
    private readonly Option<DirectoryInfo[]> _folders;
    private readonly Option<string?> _precision = new("--precision")
    {
        Description = "Which variant of the graphs; without it, the most faithful one there is.",
        HelpName = string.Join('|', ModelPrecision.All),
    };

    private readonly Option<int?> _threads = new("--threads") { Description = "Threads per graph; without it, ONNX Runtime chooses.", HelpName = "N" };

    public ModelOptions(ToolCommand command, bool isRequired = true, bool allowsSeveral = false)
    {
        _folders = new Option<DirectoryInfo[]>("--model")
        {
            Description = $"The model {(allowsSeveral ? "folders" : "folder")} (config.json, onnx/, tokenizer and preprocessor files).",
            HelpName = "DIR",
            Required = isRequired,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = allowsSeveral,
            DefaultValueFactory = _ => [],
        };
        _folders.Validators.Add(result =>
        {
            if (!allowsSeveral && result.Tokens.Count > 1)
            {
                result.AddError($"'cir {command.Name}' takes one --model, but {result.Tokens.Count} were given; 'cir compare' takes several.");
            }
        });
        _precision.AcceptOnlyFromAmong([.. ModelPrecision.All.Select(precision => precision.Name)]);
        _threads.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int?>() < 1)
            {
                result.AddError("--threads must be at least 1.");
            }
        });
        command.Add(_folders);
        command.Add(_precision);
        command.Add(_threads);
    }

    public bool IsGiven(ParseResult arguments) => Folders(arguments).Count > 0;

    public IReadOnlyList<DirectoryInfo> Folders(ParseResult arguments) => arguments.GetValue(_folders) ?? [];

    public OnnxModelFolder Open(ParseResult arguments) => OnnxModelFolder.Open(Folders(arguments)[0].ToString(), ReadOptions(arguments));

    public OnnxModelOptions ReadOptions(ParseResult arguments) => new()
    {
        Precision = arguments.GetValue(_precision) is { } name ? ModelPrecision.Parse(name) : null,
        Execution = arguments.GetValue(_threads) is { } threads ? new OnnxExecutionOptions { Threads = threads } : OnnxExecutionOptions.Default,
    };
}
