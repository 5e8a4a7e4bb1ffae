using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests;

/// <summary>The tool as a process of its own, as a user runs it.</summary>
internal sealed class ToolProcess : IDisposable
{
    private static readonly Lazy<TemporaryFolder> Home = new(() =>
    {
        TemporaryFolder folder = new();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private ToolProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The tool's assembly, built like this test.</summary>
    public static string Assembly { get; } = Path.Combine(
        RepositoryPaths.Root, "src", "ZeroShotCir.Tool", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "cir.dll");

    public static ToolProcess Start(params IReadOnlyList<string> arguments) => Start("dotnet", [Assembly, .. arguments]);

    /// <summary>Starts the tool through another program, or in another environment.</summary>
    public static ToolProcess Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // A key of whoever runs the tests must not leave the machine.
        start.Environment.Remove("OPENAI_API_KEY");
        start.Environment.Remove("ZEROSHOTCIR_MODEL");
        // What the tool keeps of its own accord is neither the user's nor left behind.
        start.Environment["ZEROSHOTCIR_HOME"] = Home.Value.Path;
        foreach ((string name, string value) in environment ?? ReadOnlyDictionary<string, string>.Empty)
        {
            start.Environment[name] = value;
        }

        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>Runs the tool to its end, with <c>--json</c>.</summary>
    public static Task<ToolOutcome> RunAsync(params IReadOnlyList<string> arguments) => RunInAsync(ReadOnlyDictionary<string, string>.Empty, arguments);

    /// <summary>Runs the tool to its end in an environment of the test, with <c>--json</c>.</summary>
    public static async Task<ToolOutcome> RunInAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        using TemporaryFolder folder = new();
        string json = folder.File("result.json");
        using ToolProcess tool = Start("dotnet", [Assembly, .. arguments, "--json", json], environment);
        ToolOutcome outcome = await tool.EndAsync();
        return outcome with { Json = File.Exists(json) ? JsonDocument.Parse(File.ReadAllBytes(json)).RootElement : default };
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>Ends the process as a power cut would: it has no time for anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>Does what Ctrl-C does.</summary>
    public Task InterruptAsync() => Interruption.SendAsync(_process);

    public async Task<ToolOutcome> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ToolOutcome(_process.ExitCode, await _output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
