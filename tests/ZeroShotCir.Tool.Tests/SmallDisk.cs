using System.Diagnostics;

namespace ZeroShotCir.Tool.Tests;

/// <summary>A disk that is soon full: a file system in memory, mounted for one run of the tool where the system lets ordinary users do so.</summary>
internal static class SmallDisk
{
    public static bool IsAvailable()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Runs the tool while a folder is a disk of <paramref name="size"/>, and copies what is on it to <paramref name="survived"/>.</summary>
    public static async Task<ToolOutcome> RunAsync(string disk, string size, string survived, params IReadOnlyList<string> arguments)
    {
        Directory.CreateDirectory(disk);

        // The mount ends with the shell that made it, so the shell copies the files out.
        string script = $"mount -t tmpfs -o size={size} none '{disk}' && {{ dotnet '{ToolProcess.Assembly}' \"$@\"; code=$?; cp -r '{disk}' '{survived}'; exit $code; }}";
        using ToolProcess tool = ToolProcess.Start("unshare", ["-rm", "sh", "-c", script, "sh", .. arguments]);
        return await tool.EndAsync();
    }
}
