using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ZeroShotCir.Tool.Commands;

/// <summary>The usual help text, followed by an example to copy.</summary>
internal sealed class ExampleHelp(HelpAction usual, ToolCommand whenNoneIsNamed) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = usual.Invoke(parseResult);
        Command named = parseResult.CommandResult.Command;
        if ((named is RootCommand ? whenNoneIsNamed : named) is ToolCommand command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Example:");
            foreach (string line in command.Example.Split('\n'))
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        return exitCode;
    }
}
