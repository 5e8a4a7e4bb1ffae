using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Usage;

/// <summary>Where results go: files, devices, pipes.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _command;

    public OutputTests() => _command =
    [
        "tokenize", "--model", Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"), "--texts", _folder.Write("{\"text\":\"a \\u001b[31mred\\ndress\"}\n", "texts.jsonl"),
    ];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_document_into_a_folder_is_refused_before_the_work_and_leaves_nothing()
    {
        ToolOutcome outcome = await RunAsync(_folder.Path);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("is the folder", Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(["texts.jsonl"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_document_goes_into_a_file_that_is_there_and_keeps_its_link_and_permissions()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links and permissions are Unix's.");
        string file = _folder.Write(new string('x', 100_000), "real.json"), link = _folder.File("link.json");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(link, file);

        Assert.Equal(0, (await RunAsync(link)).ExitCode);

        Assert.Equal(file, new FileInfo(link).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(1, JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task A_device_is_written_to_and_stays_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The devices are Linux's.");
        Assert.Equal(0, (await RunAsync("/dev/null")).ExitCode);
        Assert.False(File.ReadAllBytes("/dev/null").Length > 0);
        ToolOutcome full = await RunAsync("/dev/full");
        Assert.Equal(1, full.ExitCode);
        Assert.Contains("'/dev/full' cannot be written", full.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dash_is_standard_output_for_the_document_alone()
    {
        ToolOutcome outcome = await RunAsync("-");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(1, JsonDocument.Parse(outcome.Output).RootElement.GetProperty("results").GetArrayLength());
        Assert.Contains("1 texts", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_characters_are_escaped_and_break_no_line()
    {
        ToolOutcome outcome = await RunAsync(_folder.File("ids.json"));

        Assert.Equal(2, outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains(@"a \u001b[31mred\ndress", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("> /dev/full")]
    [InlineData("--help > /dev/full")]
    [InlineData("--json - > /dev/full")]
    [InlineData("| true")]
    [InlineData("--help | true")]
    [InlineData("--json - | true")]
    public async Task Output_that_nobody_gets_is_a_failure(string rest)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The devices are Linux's.");
        string line = string.Join(' ', ((string[])["dotnet", ToolProcess.Assembly, .. _command]).Select(word => $"'{word}'"));
        string[] parts = rest.Split('|');

        // The reader is gone before the tool writes; what it ends with is told past the pipe.
        string script = parts.Length > 1 ? $"{{ sleep 1; {line} {parts[0]}; echo code $? >&2; }} |{parts[1]}" : $"{line} {rest}; echo code $? >&2";
        using ToolProcess shell = ToolProcess.Start("bash", ["-c", script]);
        ToolOutcome outcome = await shell.EndAsync();

        Assert.Contains("code 1", outcome.Errors, StringComparison.Ordinal);
        string first = outcome.Errors.Split('\n').First(text => !text.Contains("1 texts", StringComparison.Ordinal) && !text.StartsWith("841", StringComparison.Ordinal));
        Assert.StartsWith("error: ", first, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
    }

    private async Task<ToolOutcome> RunAsync(string json)
    {
        using ToolProcess tool = ToolProcess.Start([.. _command, "--json", json]);
        return await tool.EndAsync();
    }
}
