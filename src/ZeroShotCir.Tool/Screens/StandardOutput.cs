using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ZeroShotCir.Tool.Screens;

/// <summary>Makes a reader that went away known.</summary>
internal static class StandardOutput
{
    private const nint Handle = 1;

    /// <summary>
    /// The runtime's own stream takes a closed pipe for a success. Files keep that stream, since only it shares their position with other writers.
    /// </summary>
    public static void Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return;
        }

        try
        {
            FileStream stream = new(new SafeFileHandle(Handle, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!stream.CanSeek)
            {
                Console.SetOut(new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Closed from the start; the first line tells.
        }
    }
}
