using System.CommandLine;
using System.CommandLine.Help;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Commands;

/// <summary>The whole tool: one command that runs when none is named, and the named ones.</summary>
internal sealed class CommandLineTool
{
    private readonly RootCommand _root;
    private readonly ToolCommand _whenNoneIsNamed;

    public CommandLineTool(ToolCommand whenNoneIsNamed, params ReadOnlySpan<Command> named)
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

    /// <summary>The commands that a line can name.</summary>
    public IEnumerable<Command> Named => _root.Subcommands;

    /// <summary>Runs a command line; SIGINT and SIGTERM cancel it.</summary>
    /// <returns>The exit code of the process.</returns>
    public Task<int> RunAsync(string[] commandLine)
    {
        if (Refusal(commandLine, out ParseResult? arguments) is { } refusal)
        {
            return Task.FromResult(ToolRun.Refuse(refusal, JsonOf(commandLine)));
        }

        return ToolRun.GuardOutputAsync(() => arguments!.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(1),
        }));
    }

    /// <summary>Why a command line is not taken, in one sentence; <see langword="null"/> where it is.</summary>
    public string? Refusal(IReadOnlyList<string> commandLine) => Refusal(commandLine, out _);

    private string? Refusal(IReadOnlyList<string> commandLine, out ParseResult? arguments)
    {
        arguments = null;
        try
        {
            // Texts may begin with '@'; they are no response files.
            arguments = _root.Parse(commandLine, new ParserConfiguration { ResponseFileTokenReplacer = null });
        }
        catch (InvalidOperationException e)
        {
            // A validator asked for the one value of an option that was given twice.
            return e.Message;
        }

        return arguments.Action is HelpAction or ExampleHelp ? null : UsageErrors.First(arguments);
    }

    // Where the line does not parse, its parts say what was meant; given twice, the option says nothing.
    private static JsonDestination? JsonOf(string[] commandLine)
    {
        const string Name = "--json";
        int[] places = [.. Enumerable.Range(0, commandLine.Length).Where(i => commandLine[i] == Name || commandLine[i].StartsWith($"{Name}=", StringComparison.Ordinal))];
        return places switch
        {
            [var only] when commandLine[only].Length > Name.Length => new JsonDestination(commandLine[only][(Name.Length + 1)..]),
            [var only] when only + 1 < commandLine.Length && commandLine[only + 1] is "-" or [not '-', ..] => new JsonDestination(commandLine[only + 1]),
            _ => null,
        };
    }
}
