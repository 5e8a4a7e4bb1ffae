using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using ZeroShotCir.Tests.Garnet;

namespace ZeroShotCir.Tests.Servers;

/// <summary>
/// A PostgreSQL with pgvector: the one that ZEROSHOTCIR_POSTGRES names by its connection string, or PGlite of
/// npm behind its socket server, installed once into a folder for temporary files and started when the first test wants it.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Version = "0.5.14";
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Process? _process;
    private NpgsqlDataSource? _source;
    private string? _failure;

    /// <summary>PGlite is one session that its connections share: what one prepares another may run. So one connection, and one test at a time.</summary>
    public const string OneAfterTheOther = "postgres";

    /// <summary>The data source, after starting the server or skipping the running test where it cannot run.</summary>
    public async Task<NpgsqlDataSource> ConnectAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_source is null && _failure is null)
            {
                await StartAsync();
            }
        }
        finally
        {
            _gate.Release();
        }

        Assert.SkipWhen(_failure is not null, $"There is no PostgreSQL with pgvector: {_failure} Install Node.js with npm, or name a server in ZEROSHOTCIR_POSTGRES.");
        return _source!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        Stop();
    }

    private void Stop()
    {
        if (Interlocked.Exchange(ref _process, null) is { } process)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }

    private async Task StartAsync()
    {
        if (Environment.GetEnvironmentVariable("ZEROSHOTCIR_POSTGRES") is { Length: > 0 } given)
        {
            _source = NpgsqlDataSource.Create(given);
            return;
        }

        try
        {
            string folder = await InstallAsync();
            int port = GarnetNodes.FindPorts(1)[0];
            _process = Process.Start(new ProcessStartInfo("node")
            {
                ArgumentList =
                {
                    Path.Combine(folder, "node_modules", "@electric-sql", "pglite-socket", "dist", "scripts", "server.js"),
                    "--db", "memory://", "--port", port.ToString(CultureInfo.InvariantCulture),
                    "--extensions", "@electric-sql/pglite-pgvector:vector", "--max-connections", "50",
                },
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
            _ = _process.StandardOutput.ReadToEndAsync();
            _ = _process.StandardError.ReadToEndAsync();
            _source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={port};Username=postgres;Password=postgres;Database=postgres;Maximum Pool Size=1");
            await WaitAsync(_source);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or TimeoutException)
        {
            _failure = exception.Message;
        }
    }

    // Two runs at once install apart, and the first one's folder stays.
    private static async Task<string> InstallAsync()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"zeroshotcir-pglite-{Version}");
        if (Directory.Exists(folder))
        {
            return folder;
        }

        string own = Directory.CreateTempSubdirectory("zeroshotcir-pglite-").FullName;
        await File.WriteAllTextAsync(Path.Combine(own, "package.json"), "{}");
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        using Process install = Process.Start(new ProcessStartInfo(npm)
        {
            ArgumentList =
            {
                "install", "--no-audit", "--no-fund", $"@electric-sql/pglite@{Version}", "@electric-sql/pglite-socket@0.2.17", "@electric-sql/pglite-pgvector@0.0.15",
            },
            WorkingDirectory = own,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = install.StandardOutput.ReadToEndAsync();
        string errors = await install.StandardError.ReadToEndAsync();
        await output;
        await install.WaitForExitAsync();
        if (install.ExitCode != 0)
        {
            throw new IOException($"npm could not install PGlite: {errors.Split('\n')[0]}");
        }

        try
        {
            Directory.Move(own, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(own, recursive: true);
        }

        return folder;
    }

    private async Task WaitAsync(NpgsqlDataSource source)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await using NpgsqlConnection connection = await source.OpenConnectionAsync();
                return;
            }
            catch (NpgsqlException) when (attempt < 300 && !_process!.HasExited)
            {
                await Task.Delay(100);
            }
            catch (NpgsqlException exception)
            {
                throw new TimeoutException($"PGlite did not start: {exception.Message}", exception);
            }
        }
    }
}
