using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Tool.Tests.Serving;

/// <summary>A server of the tool as a process, from the line that tells its address to its end.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address };
    }

    public HttpClient Client { get; }

    public static async Task<ServerProcess> StartAsync(params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo("dotnet", [ToolProcess.Assembly, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string? line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Match address = Address().Match(line ?? "");
        Assert.True(address.Success, $"The server's first line has no address: {line}");
        return new ServerProcess(process, new Uri(address.Value));
    }

    /// <summary>Does what Ctrl-C does, and waits for the end.</summary>
    public async Task<int> InterruptAsync()
    {
        await Interruption.SendAsync(_process);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"http://[0-9.]+:\d+/")]
    private static partial Regex Address();
}
