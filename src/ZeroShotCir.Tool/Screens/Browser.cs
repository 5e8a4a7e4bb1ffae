using System.ComponentModel;
using System.Diagnostics;

namespace ZeroShotCir.Tool.Screens;

/// <summary>Opens a file as a double click would.</summary>
internal static class Browser
{
    /// <summary>The variable that names another program, as many programs read it.</summary>
    private const string Variable = "BROWSER";

    /// <exception cref="IOException">No program opens it.</exception>
    public static void Open(string file)
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        ProcessStartInfo start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(file) { UseShellExecute = true }
            : new ProcessStartInfo(named is { Length: > 0 } ? named : OperatingSystem.IsMacOS() ? "open" : "xdg-open", [file])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
        try
        {
            using Process? opened = Process.Start(start);
        }
        catch (Win32Exception e)
        {
            throw new IOException($"No program opens '{file}': {e.Message}. Open it by hand, or name a browser by {Variable}.", e);
        }
    }
}
