namespace ZeroShotCir.Tests;

/// <summary>Gives and takes rights where a system has them in this form; elsewhere nothing happens, and tests that need them skip.</summary>
internal static class UnixRights
{
    public static void Set(string path, UnixFileMode rights)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, rights);
        }
    }
}
