using System.Text.Json;
using ZeroShotCir.Tests;
using ZeroShotCir.Tests.Hub;

namespace ZeroShotCir.Tool.Tests.Galleries;

/// <summary>What somebody has who types no more than <c>cir index photos &amp;&amp; cir search photos "a red dress"</c>.</summary>
public sealed class DefaultPlaceTests : IDisposable
{
    private const string DefaultModel = "Xenova/clip-vit-base-patch32";
    private readonly TemporaryFolder _folder = new();

    private static string Model => Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");

    private Dictionary<string, string> Environment => new() { ["ZEROSHOTCIR_HOME"] = _folder.Of("home"), ["HF_HUB_CACHE"] = _folder.Of("hub") };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_of_pictures_stands_for_the_gallery_that_was_made_of_it()
    {
        string photos = AddPictures("my photos");
        ToolOutcome indexed = await ToolProcess.RunInAsync(Environment, "index", photos, "--model", Model);
        Assert.True(indexed.ExitCode == 0, indexed.Errors);
        string gallery = indexed.Json.GetProperty("gallery").GetString()!;
        Assert.StartsWith(_folder.Of("home", "galleries", "my photos-"), gallery, StringComparison.Ordinal);
        Assert.Contains(gallery, indexed.Output, StringComparison.Ordinal);

        string page = _folder.Of("found.html");
        // A terminal that could show pictures is what the variables speak of, but here a pipe reads.
        Dictionary<string, string> inKitty = new(Environment) { ["BROWSER"] = AddBrowser(), ["TERM"] = "xterm-kitty", ["KITTY_WINDOW_ID"] = "1" };
        ToolOutcome byFolder = await ToolProcess.RunInAsync(inKitty, "search", photos, "a red dress", "--html", page, "--open", "--thumbnails", "kitty");
        ToolOutcome byText = await ToolProcess.RunInAsync(Environment, "search", "a red dress");
        Assert.True(byFolder.ExitCode == 0 && byText.ExitCode == 0, byFolder.Errors + byText.Errors);
        Assert.Equal(byFolder.Json.GetProperty("hits").ToString(), byText.Json.GetProperty("hits").ToString());
        Assert.NotEmpty(Directory.GetFiles(_folder.Of("home", "cache", "model-ids")));
        Assert.DoesNotContain('\e', byFolder.Output + byFolder.Errors);
        Assert.Equal(page, await OpenedAsync(page));

        string html = File.ReadAllText(page);
        Assert.Equal(byFolder.Json.GetProperty("hits").GetArrayLength(), html.Split("src=\"data:image/").Length - 1);
        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);
        Assert.All(byFolder.Json.GetProperty("hits").EnumerateArray(), hit => Assert.Contains(hit.GetProperty("id").GetString()!, html, StringComparison.Ordinal));

        // The same again is brought up to date where it is, without naming the model.
        Assert.Equal(6, (await ToolProcess.RunInAsync(Environment, "index", photos)).Json.GetProperty("unchanged").GetInt32());
        ToolOutcome listed = await ToolProcess.RunInAsync(Environment, "gallery", "list");
        Assert.Equal([gallery], listed.Json.GetProperty("galleries").EnumerateArray().Select(one => one.GetProperty("folder").GetString()!));
        Assert.Equal(6, (await ToolProcess.RunInAsync(Environment, "gallery", "info", photos)).Json.GetProperty("count").GetInt32());
        ToolOutcome items = await ToolProcess.RunInAsync(Environment, "gallery", "list", photos);
        IEnumerable<string?> ids = items.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString());
        Assert.Equal(Directory.GetFiles(photos).Select(Path.GetFileName).Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public async Task Without_a_gallery_it_is_said_how_to_make_one()
    {
        string photos = AddPictures("photos");

        ToolOutcome none = await ToolProcess.RunInAsync(Environment, "search", "a red dress");
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("cir index PHOTOS", none.Errors, StringComparison.Ordinal);
        ToolOutcome folder = await ToolProcess.RunInAsync(Environment, "search", photos, "a red dress");
        Assert.Equal(1, folder.ExitCode);
        Assert.Contains($"cir index {photos}", folder.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_model_the_default_of_the_hub_is_offered_and_brought_when_it_may()
    {
        string photos = AddPictures("photos");
        await using FakeHub hub = FakeHub.FromFolder(Model);
        hub.Misbehave = request => hub.Answer(request with { Target = request.Target.Replace(DefaultModel, FakeHub.Repository, StringComparison.Ordinal) });
        Dictionary<string, string> environment = new(Environment) { ["HF_ENDPOINT"] = hub.Address.ToString() };

        ToolOutcome asked = await ToolProcess.RunInAsync(environment, "index", photos);
        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("--yes to download Xenova/clip-vit-base-patch32 (3 MB, license not named) from 127.0.0.1", asked.Errors, StringComparison.Ordinal);
        Assert.Equal(0, hub.Downloads("onnx/vision_model.onnx"));

        ToolOutcome brought = await ToolProcess.RunInAsync(environment, "index", photos, "--yes");
        Assert.True(brought.ExitCode == 0, brought.Errors);
        Assert.Equal(1, hub.Downloads("onnx/vision_model.onnx"));
        int requests = hub.Requests.Count;
        ToolOutcome found = await ToolProcess.RunInAsync(environment, "search", photos, "a red dress");
        Assert.True(found.ExitCode == 0, found.Errors);
        Assert.Equal(requests, hub.Requests.Count);

        // It is in the cache now: another folder is not asked about.
        ToolOutcome other = await ToolProcess.RunInAsync(environment, "index", AddPictures("others"));
        Assert.True(other.ExitCode == 0, other.Errors);
        Assert.Equal(requests, hub.Requests.Count);
    }

    [Fact]
    public async Task A_picture_comes_by_standard_input()
    {
        string photos = AddPictures("photos");
        Assert.Equal(0, (await ToolProcess.RunInAsync(Environment, "index", photos, "--model", Model)).ExitCode);
        string picture = Directory.GetFiles(photos).Order(StringComparer.Ordinal).ElementAt(2);

        Assert.SkipWhen(OperatingSystem.IsWindows(), "A shell that passes bytes on is needed.");
        string json = _folder.Of("piped.json");
        using ToolProcess piped = ToolProcess.Start("sh", ["-c", $"dotnet '{ToolProcess.Assembly}' search '{photos}' --image - -k 1 --json '{json}' < '{picture}'"], Environment);
        ToolOutcome outcome = await piped.EndAsync();
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(Path.GetFileName(picture), JsonDocument.Parse(File.ReadAllBytes(json)).RootElement.GetProperty("hits")[0].GetProperty("id").GetString());

        using ToolProcess empty = ToolProcess.Start("sh", ["-c", $"dotnet '{ToolProcess.Assembly}' search '{photos}' --image - < /dev/null"], Environment);
        outcome = await empty.EndAsync();
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Standard input is empty", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gallery_loses_pictures_and_travels_as_one_file()
    {
        string photos = AddPictures("photos"), file = _folder.Of("gallery.zip"), other = _folder.Of("other");
        Assert.Equal(0, (await ToolProcess.RunInAsync(Environment, "index", photos, "--model", Model)).ExitCode);
        string[] ids = [.. Directory.GetFiles(photos).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

        ToolOutcome removed = await ToolProcess.RunInAsync(Environment, "gallery", "remove", photos, ids[0], ids[3]);
        Assert.True(removed.ExitCode == 0, removed.Errors);
        Assert.Equal([ids[0], ids[3]], removed.Json.GetProperty("removed").EnumerateArray().Select(id => id.GetString()!));
        ToolOutcome unknown = await ToolProcess.RunInAsync(Environment, "gallery", "remove", photos, ids[1], "unknown.png");
        Assert.Equal(1, unknown.ExitCode);

        Assert.Equal(0, (await ToolProcess.RunInAsync(Environment, "gallery", "export", photos, "--out", file)).ExitCode);
        ToolOutcome imported = await ToolProcess.RunInAsync(Environment, "gallery", "import", file, "--out", other);
        Assert.True(imported.ExitCode == 0, imported.Errors);
        ToolOutcome listed = await ToolProcess.RunInAsync(Environment, "gallery", "list", other);
        Assert.Equal([ids[1], ids[2], ids[4], ids[5]], listed.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        Assert.Equal(1, (await ToolProcess.RunInAsync(Environment, "gallery", "import", file, "--out", other)).ExitCode);
    }

    [Fact]
    public async Task A_watched_folder_is_followed_until_it_is_interrupted()
    {
        string photos = AddPictures("photos"), gallery = _folder.Of("gallery");
        using ToolProcess watch = ToolProcess.Start("dotnet", [ToolProcess.Assembly, "index", photos, "--model", Model, "--out", gallery, "--watch"], Environment);
        await UntilAsync(6);
        File.Copy(Directory.GetFiles(photos)[0], Path.Combine(photos, "one more.png"));
        await UntilAsync(7);
        File.Delete(Path.Combine(photos, "one more.png"));
        await UntilAsync(6);

        await watch.InterruptAsync();
        Assert.Equal(130, (await watch.EndAsync()).ExitCode);

        async Task UntilAsync(int count)
        {
            for (int i = 0; i < 600; i++)
            {
                string manifest = Path.Combine(gallery, "manifest.json");
                if (File.Exists(manifest) && JsonDocument.Parse(File.ReadAllBytes(manifest)).RootElement.GetProperty("count").GetInt32() == count)
                {
                    return;
                }

                Assert.False(watch.HasEnded);
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }

            Assert.Fail($"The gallery does not come to hold {count} pictures.");
        }
    }

    [Fact]
    public async Task Shells_get_completions_from_the_tool_itself()
    {
        foreach (string shell in (string[])["bash", "zsh", "fish", "pwsh"])
        {
            ToolOutcome script = await ToolProcess.RunAsync("completion", shell);
            Assert.Contains("[suggest:", script.Output, StringComparison.Ordinal);
        }

        using ToolProcess suggested = ToolProcess.Start("[suggest:9]", "cir galle");
        Assert.Contains("gallery", (await suggested.EndAsync()).Output, StringComparison.Ordinal);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no bash.");
        string line = $$"""
            cir() { dotnet '{{ToolProcess.Assembly}}' "$@"; }
            source <(cir completion bash)
            COMP_WORDS=(cir gallery com); COMP_CWORD=2; COMP_LINE='cir gallery com'; COMP_POINT=15
            _cir
            echo "${COMPREPLY[@]}"
            """;
        using ToolProcess bash = ToolProcess.Start("bash", ["-c", line]);
        Assert.Equal("compact", (await bash.EndAsync()).Output.Trim());
    }

    // A browser that notes what it was told to open; systems that open files by their kind ask no program of ours.
    private string AddBrowser()
    {
        string browser = _folder.Write("#!/bin/sh\nprintf %s \"$1\" > \"$0.part\" && mv \"$0.part\" \"$0.opened\"\n", "browser");
        UnixRights.Set(browser, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return browser;
    }

    private async Task<string> OpenedAsync(string page)
    {
        string note = _folder.Of("browser.opened");
        for (int i = 0; i < 200 && !OperatingSystem.IsWindows() && !File.Exists(note); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return OperatingSystem.IsWindows() ? page : File.ReadAllText(note);
    }

    private string AddPictures(string name)
    {
        string folder = Directory.CreateDirectory(_folder.Of(name)).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).Order(StringComparer.Ordinal).Take(6))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }
}
