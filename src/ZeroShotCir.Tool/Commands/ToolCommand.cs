using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary>One command of the tool: its options, an example of its use, and what it does.</summary>
internal abstract class ToolCommand : Command
{
    protected ToolCommand(string name, string description, string example)
        : base(name, description)
    {
        Example = example;
        Add(Json);
        Validators.Add(result =>
        {
            // A misspelt option is not the name of a folder or a picture.
            if (result.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
                .FirstOrDefault(value => value.Length > 1 && value.StartsWith('-') && !Path.Exists(value)) is { } unknown)
            {
                result.AddError(UsageErrors.UnknownOption(unknown, result));
            }
        });
        SetAction((arguments, cancellationToken) => ToolRun.ExecuteAsync(this, arguments, cancellationToken));
    }

    /// <summary>A command line that works, shown by <c>--help</c>.</summary>
    public string Example { get; }

    /// <summary>Whether an interrupted run goes on where it stopped when it is started again.</summary>
    public virtual bool KeepsWork => false;

    /// <summary>Where the result goes for machines to read.</summary>
    public Option<JsonDestination?> Json { get; } = ToolOptions.Json();

    /// <summary>The command line as it was typed, for manifests.</summary>
    protected static string CommandLineOf(ParseResult arguments)
        => $"cir {string.Join(' ', arguments.Tokens.Select(token => CommandLineWord.Quoted(token.Value)))}".TrimEnd();

    /// <summary>Does the work; figures for people go to <paramref name="terminal"/>, the result for machines is returned.</summary>
    public abstract Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken);
}
