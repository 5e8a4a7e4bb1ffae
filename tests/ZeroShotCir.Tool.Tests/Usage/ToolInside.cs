using System.Reflection;

namespace ZeroShotCir.Tool.Tests.Usage;

/// <summary>
/// The tool inside of the test's own process, for command lines that are refused before anything is done: hundreds of them in a second. What it
/// writes to standard output is not seen.
/// </summary>
internal static class ToolInside
{
    private static readonly MethodInfo Main = Assembly.LoadFrom(ToolProcess.Assembly).EntryPoint!;

    public static ToolOutcome Run(params string[] arguments)
    {
        using StringWriter errors = new();
        (TextWriter usualOutput, TextWriter usualErrors) = (Console.Out, Console.Error);
        Console.SetError(errors);
        try
        {
            object? ended = Main.Invoke(null, [arguments]);
            return new ToolOutcome(ended is int code ? code : ((Task<int>)ended!).GetAwaiter().GetResult(), string.Empty, errors.ToString());
        }
        catch (TargetInvocationException e)
        {
            throw new InvalidOperationException($"'cir {string.Join(' ', arguments)}' ended in {e.InnerException}", e);
        }
        finally
        {
            Console.SetOut(usualOutput);
            Console.SetError(usualErrors);
        }
    }
}
