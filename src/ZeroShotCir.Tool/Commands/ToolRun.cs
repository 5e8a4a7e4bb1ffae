using System.CommandLine;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary>Runs one command and turns its end, good or bad, into an exit code, one line on stderr and one JSON document.</summary>
internal static class ToolRun
{
    public static async Task<int> ExecuteAsync(ToolCommand command, ParseResult arguments, CancellationToken cancellationToken)
    {
        JsonDestination? json = arguments.GetValue(command.Json);
        Terminal terminal = new(json is { IsStandardOutput: true });
        ToolResult result;
        try
        {
            result = await command.ExecuteAsync(arguments, terminal, cancellationToken);
        }
        catch (Exception e)
        {
            result = FromException(e, command, terminal, cancellationToken);
        }

        return WriteJson(json, result, terminal);
    }

    /// <summary>Reports a command line that does not parse.</summary>
    public static int Refuse(string message, JsonDestination? json)
    {
        Terminal terminal = new(isOutputTaken: true);
        terminal.Fail(message);
        return WriteJson(json, ToolResult.Failure("BadUsage", message, ExitCode.BadUsage), terminal);
    }

    /// <summary>Runs what writes to standard output outside of a command, such as help.</summary>
    public static async Task<int> GuardOutputAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (IOException e) when (e is not FileNotFoundException)
        {
            new Terminal(isOutputTaken: true).Fail(CannotWrite(e));
            return ExitCode.Failed;
        }
    }

    private static string CannotWrite(Exception exception) => $"Standard output cannot be written: {exception.Message}";

    private static ToolResult FromException(Exception exception, ToolCommand command, Terminal terminal, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            string interrupted = command.KeepsWork ? "Interrupted; what was finished is kept, run the same command to go on." : "Interrupted.";
            terminal.Fail(interrupted);
            return ToolResult.Failure("Interrupted", interrupted, ExitCode.Interrupted);
        }

        Exception cause = exception is AggregateException { InnerExceptions.Count: 1 } aggregate ? aggregate.InnerException! : exception;
        string message = Messages.Describe(cause);
        terminal.Fail(message);
        return cause is BadUsageException
            ? ToolResult.Failure("BadUsage", message, ExitCode.BadUsage)
            : ToolResult.Failure(cause.GetType().Name, message, ExitCode.Failed);
    }

    private static int WriteJson(JsonDestination? json, ToolResult result, Terminal terminal)
    {
        if (json is null || json.Obstacle is not null)
        {
            return result.ExitCode;
        }

        try
        {
            result.WriteTo(json);
            return result.ExitCode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Fail(json.IsStandardOutput ? CannotWrite(e) : $"The JSON file '{json}' cannot be written: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
