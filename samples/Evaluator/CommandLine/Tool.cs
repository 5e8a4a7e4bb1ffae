using System.CommandLine;
using System.CommandLine.Help;

namespace ZeroShotCir.Evaluator.CommandLine;

/// <summary>The whole tool: one command that runs when none is named, and the named ones.</summary>
internal sealed class Tool
{
    private readonly RootCommand _root;
    private readonly ToolCommand _whenNoneIsNamed;

    public Tool(ToolCommand whenNoneIsNamed, params ReadOnlySpan<Command> named)
    {
        _whenNoneIsNamed = whenNoneIsNamed;
        _root = new RootCommand(whenNoneIsNamed.Description!);
        foreach (Option option in whenNoneIsNamed.Options)
        {
            _root.Add(option);
        }

        foreach (Command command in named)
        {
            _root.Add(command);
        }

        _root.SetAction((arguments, cancellationToken) => ToolRun.ExecuteAsync(whenNoneIsNamed, arguments, cancellationToken));
        HelpOption help = _root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!, whenNoneIsNamed);
    }

    /// <summary>Runs a command line; SIGINT and SIGTERM cancel it.</summary>
    /// <returns>The exit code of the process.</returns>
    public Task<int> RunAsync(string[] commandLine)
    {
        // Texts may begin with '@'; they are no response files.
        ParseResult arguments = _root.Parse(commandLine, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (arguments.Action is not HelpAction and not ExampleHelp && UsageErrors.First(arguments) is { } error)
        {
            ToolCommand command = arguments.CommandResult.Command as ToolCommand ?? _whenNoneIsNamed;
            // Given twice, the option has no value to ask for.
            FileInfo? json = arguments.GetResult(command.JsonFile) is { Tokens: [var file] } ? new FileInfo(file.Value) : null;
            return Task.FromResult(ToolRun.Refuse(error, json));
        }

        return arguments.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(1),
        });
    }
}
