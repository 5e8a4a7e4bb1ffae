using System.CommandLine;
using System.CommandLine.Parsing;

namespace ZeroShotCir.Tool.Options;

/// <summary>What is wrong with a command line, in one sentence that names the nearest right word.</summary>
internal static class UsageErrors
{
    private const int FarthestSuggestion = 3;
    private const string UnknownOptionStart = "Unknown option ";

    /// <summary>The first error of a parsed command line; <see langword="null"/> where there is none.</summary>
    public static string? First(ParseResult arguments)
    {
        if (arguments.Errors.Count == 0)
        {
            return null;
        }

        // A group of commands has no options of its own to name.
        if (arguments.CommandResult.Command is { Subcommands.Count: > 0, Action: null } group && arguments.UnmatchedTokens is [] or [['-', ..], ..])
        {
            return $"'{FullName(group)}' needs a command: {string.Join(", ", group.Subcommands.Select(command => command.Name))}.";
        }

        // A misspelt name is the cause of what else the parser complains about (its value, the option it should have been).
        if (arguments.UnmatchedTokens is [string unknown, ..])
        {
            return unknown.StartsWith('-')
                ? UnknownOption(unknown, arguments.CommandResult)
                : UnknownWord(unknown, arguments.CommandResult.Command);
        }

        return arguments.Errors.Select(error => error.Message).FirstOrDefault(message => message.StartsWith(UnknownOptionStart, StringComparison.Ordinal))
            ?? arguments.Errors[0].Message;
    }

    public static string UnknownOption(string name, SymbolResult where)
    {
        CommandResult command = where as CommandResult ?? (CommandResult)where.Parent!;
        string given = name.Split('=', ':')[0];
        IEnumerable<string> known = command.Command.Options.SelectMany(option => option.Aliases.Append(option.Name));
        return $"{UnknownOptionStart}'{given}' for '{FullName(command.Command)}'.{Suggest(given, known)}";
    }

    private static string UnknownWord(string word, Command command) => command.Subcommands.Count > 0
        ? $"Unknown command '{word}'.{Suggest(word, command.Subcommands.Select(subcommand => subcommand.Name))}"
        : $"'{FullName(command)}' does not take '{word}'. Quote a text of several words; see '{FullName(command)} --help'.";

    private static string FullName(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? $"{FullName(parent)} {command.Name}"
        : "cir";

    private static string Suggest(string given, IEnumerable<string> known)
    {
        string nearest = known.MinBy(name => Distance(given, name))!;
        return Distance(given, nearest) <= Math.Max(FarthestSuggestion, given.Length / 2)
            ? $" Did you mean '{nearest}'?"
            : $" Known are {string.Join(", ", known.Where(name => name.Length > 2).Order(StringComparer.Ordinal))}.";
    }

    /// <summary>The number of letters to insert, drop or replace.</summary>
    private static int Distance(string from, string to)
    {
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] current = new int[to.Length + 1];
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = previous[j - 1] + (char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[to.Length];
    }
}
