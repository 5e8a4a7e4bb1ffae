using System.CommandLine;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Evaluator.CommandLine;

/// <summary>The options that say which model is used and how.</summary>
internal sealed class ModelOptions
{
    private readonly Option<DirectoryInfo?> _folder;
    private readonly Option<string?> _precision = new("--precision")
    {
        Description = "Which variant of the graphs; without it, the most faithful one there is.",
        HelpName = string.Join('|', ModelPrecision.All),
    };

    private readonly Option<int?> _threads = new("--threads") { Description = "Threads per graph; without it, ONNX Runtime chooses.", HelpName = "N" };

    public ModelOptions(ToolCommand command, bool isRequired = true)
    {
        _folder = new Option<DirectoryInfo?>("--model")
        {
            Description = "The model folder (config.json, onnx/, tokenizer and preprocessor files).",
            HelpName = "DIR",
            Required = isRequired,
        };
        _precision.AcceptOnlyFromAmong([.. ModelPrecision.All.Select(precision => precision.Name)]);
        _threads.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int?>() < 1)
            {
                result.AddError("--threads must be at least 1.");
            }
        });
        command.Add(_folder);
        command.Add(_precision);
        command.Add(_threads);
    }

    public bool IsGiven(ParseResult arguments) => arguments.GetValue(_folder) is not null;

    public OnnxModelFolder Open(ParseResult arguments)
        => OnnxModelFolder.Open(arguments.GetValue(_folder)!.ToString(), ReadOptions(arguments));

    public OnnxModelOptions ReadOptions(ParseResult arguments) => new()
    {
        Precision = arguments.GetValue(_precision) is { } name ? ModelPrecision.Parse(name) : null,
        Execution = arguments.GetValue(_threads) is { } threads ? new OnnxExecutionOptions { Threads = threads } : OnnxExecutionOptions.Default,
    };
}
