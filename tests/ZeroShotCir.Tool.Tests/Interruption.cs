using System.Diagnostics;
using System.Globalization;

namespace ZeroShotCir.Tool.Tests;

/// <summary>What Ctrl-C does to a process.</summary>
internal static class Interruption
{
    private const ulong Sigint = 1UL << 1;

    /// <summary>Interrupts a process, or skips the test where no process that it starts can be interrupted.</summary>
    public static async Task SendAsync(Process process)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGINT to send.");
        Assert.SkipWhen(IsIgnored(), "Whoever runs the tests ignores SIGINT, as a script's `command &` does, and so does every process that is started: run them without `&`.");
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static bool IsIgnored()
    {
        const string Field = "SigIgn:";
        string? line = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line is not null && (ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Sigint) != 0;
    }
}
