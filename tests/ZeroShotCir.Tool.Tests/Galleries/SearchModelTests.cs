using System.Globalization;
using System.Text.Json;
using SkiaSharp;
using ZeroShotCir.Tests.Chat;
using ZeroShotCir.Tests.Http;
using ZeroShotCir.Tool.Tests.Captions;

namespace ZeroShotCir.Tool.Tests.Galleries;

/// <summary><c>cir search</c> with what evaluation has beside embeddings: recipes of texts, a model that describes, and one that looks.</summary>
public sealed class SearchModelTests : IDisposable
{
    private const string Text = "the same in red";
    private const int Top = 5;
    private readonly GalleryWorld _world = new();
    private int _requests;
    private int _pictures;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_recipe_writes_the_text_that_is_encoded()
    {
        string[] names = _world.AddPictures(12);
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);

        ToolOutcome spelled = await _world.SearchAsync("--text", $"a photo of {Text}", "--id", names[3]);
        ToolOutcome recipe = await _world.SearchAsync("--text", Text, "--id", names[3], "--recipe", "a photo of {}");
        ToolOutcome lacking = await _world.SearchAsync("--text", Text, "--id", names[3], "--recipe", "a photo of {shared_concept} {}");

        Assert.True(recipe.ExitCode == 0, recipe.Errors);
        Assert.Equal(spelled.Json.GetProperty("hits").ToString(), recipe.Json.GetProperty("hits").ToString());
        Assert.Equal("plain in a photo of {}", recipe.Json.GetProperty("query").GetProperty("recipe").GetString());
        Assert.Equal(2, lacking.ExitCode);
        Assert.Contains("--recipe", lacking.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_composer_describes_the_target_once_and_says_first_what_it_costs()
    {
        const string Description = "a red dress with long sleeves";
        string[] names = _world.AddPictures(12);
        File.Copy(Path.Combine(_world.Images, names[0]), Path.Combine(_world.Images, "copy.png"));
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);
        await using FakeChatServer server = new(request =>
        {
            Interlocked.Increment(ref _requests);
            Interlocked.Add(ref _pictures, request.Images.Count);
            return FakeChatServer.Captions(Description);
        });
        string answers = _world.Of("answers.jsonl");
        string[] query = ["--text", Text, "--id", names[3], "--fusion", "target", "-k", "11"];
        string[] composer = ["--composer", "openai:fake-vision", "--endpoint", $"{server.Endpoint}", "--retries", "0", "--price", "2:8"];

        ToolOutcome dry = await _world.SearchAsync([.. query, .. composer, "--composition", answers, "--dry-run"]);
        Assert.True(dry.ExitCode == 0, dry.Errors);
        Assert.Equal((0, false), (_requests, File.Exists(answers)));
        JsonElement estimate = dry.Json.GetProperty("composition_estimate");
        Assert.Equal((1, 1), (estimate.GetProperty("requests").GetInt32(), estimate.GetProperty("pictures").GetInt32()));
        Assert.True(estimate.GetProperty("cost").GetDecimal() > 0);

        ToolOutcome given = await _world.SearchAsync([.. query, "--description", Description]);
        ToolOutcome written = await _world.SearchAsync([.. query, .. composer, "--composition", answers]);
        Assert.True(written.ExitCode == 0, written.Errors);
        Assert.Equal(given.Json.GetProperty("hits").ToString(), written.Json.GetProperty("hits").ToString());
        Assert.Equal(Description, written.Json.GetProperty("query").GetProperty("descriptions")[0].GetString());
        Assert.Equal((1, 1), (_requests, _pictures));
        Assert.Equal(1, written.Json.GetProperty("composition").GetProperty("described").GetInt32());
        Assert.Contains(written.Errors.Split('\n'), line => line.StartsWith("note: chat:fake-vision", StringComparison.Ordinal)
            && line.Contains(": 1 request, ", StringComparison.Ordinal) && line.Contains("cost ", StringComparison.Ordinal));

        // A known answer costs nothing, and one without a file is asked for once, though a search with copies is repeated.
        ToolOutcome again = await _world.SearchAsync([.. query, .. composer, "--composition", answers]);
        Assert.Equal(written.Json.GetProperty("hits").ToString(), again.Json.GetProperty("hits").ToString());
        Assert.Equal(1, _requests);
        ToolOutcome unkept = await _world.SearchAsync([.. query, .. composer, "--from", "both"]);
        Assert.True(unkept.ExitCode == 0, unkept.Errors);
        Assert.Equal(2, _requests);
    }

    [Theory]
    [InlineData("yes-no")]
    [InlineData("grid")]
    public async Task A_verifier_puts_first_what_it_knows_at_the_cost_that_was_foretold(string form)
    {
        string[] names = _world.AddPictures(12);
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);
        string[] query = ["--text", Text, "--id", names[3], "--exclude-reference", "-k", "8"];
        ToolOutcome plain = await _world.SearchAsync(query);
        string known = GalleryWorld.Ids(plain)[Top - 1];
        using SKBitmap target = SKBitmap.Decode(Path.Combine(_world.Images, known));
        await using FakeChatServer server = new(request => Answer(request, target));
        string verdicts = _world.Of("verdicts.jsonl");
        string[] verifier =
        [
            "--verifier", "openai:fake-vision", "--verify-by", form, "--verify-top", Top.ToString(CultureInfo.InvariantCulture),
            "--endpoint", $"{server.Endpoint}", "--retries", "0", "--verdicts", verdicts,
        ];

        ToolOutcome dry = await _world.SearchAsync([.. query, .. verifier, "--dry-run"]);
        Assert.True(dry.ExitCode == 0, dry.Errors);
        Assert.Equal((0, false), (_requests, File.Exists(verdicts)));
        Assert.Equal(GalleryWorld.Ids(plain), GalleryWorld.Ids(dry));
        JsonElement estimate = dry.Json.GetProperty("estimate");

        ToolOutcome verified = await _world.SearchAsync([.. query, .. verifier]);
        Assert.True(verified.ExitCode == 0, verified.Errors);
        Assert.Equal((_requests, _pictures), (estimate.GetProperty("requests").GetInt32(), estimate.GetProperty("pictures").GetInt32()));
        Assert.Equal(form == "grid" ? 1 : Top, _requests);
        string[] ids = GalleryWorld.Ids(verified);
        Assert.Equal(known, ids[0]);
        Assert.Equal(GalleryWorld.Ids(plain)[..Top].Order(StringComparer.Ordinal), ids[..Top].Order(StringComparer.Ordinal));
        Assert.Equal(GalleryWorld.Ids(plain)[Top..], ids[Top..]);
        JsonElement[] hits = [.. verified.Json.GetProperty("hits").EnumerateArray()];
        Assert.Equal(Enumerable.Range(1, 8), hits.Select(hit => hit.GetProperty("rank").GetInt32()));
        Assert.Equal(form == "grid" ? JsonValueKind.Null : JsonValueKind.Number, hits[0].GetProperty("fit").ValueKind);
        Assert.Equal(form, verified.Json.GetProperty("verification").GetProperty("form").GetString());
    }

    [Fact]
    public async Task A_picture_that_is_gone_or_unreadable_is_named_and_keeps_its_place()
    {
        string[] names = _world.AddPictures(12);
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);
        string[] query = ["--text", Text, "--id", names[3], "--exclude-reference", "-k", "8"];
        string[] plain = GalleryWorld.Ids(await _world.SearchAsync(query));
        using SKBitmap target = SKBitmap.Decode(Path.Combine(_world.Images, plain[Top - 1]));
        File.Delete(Path.Combine(_world.Images, plain[1]));
        File.WriteAllBytes(Path.Combine(_world.Images, plain[2]), []);
        await using FakeChatServer server = new(request => Answer(request, target));
        string[] verifier = ["--verifier", "openai:fake-vision", "--verify-by", "yes-no", "--verify-top", "5", "--endpoint", $"{server.Endpoint}", "--retries", "0"];

        ToolOutcome verified = await _world.SearchAsync([.. query, .. verifier]);

        Assert.True(verified.ExitCode == 0, verified.Errors);
        Assert.Equal(((int[])[4, 1, 2, 0, 3, 5, 6, 7]).Select(place => plain[place]), GalleryWorld.Ids(verified));
        Assert.Equal(3, _requests);
        Assert.Equal(2, verified.Json.GetProperty("missing").GetArrayLength());
        foreach (string id in plain[1..3])
        {
            Assert.Contains(verified.Errors.Split('\n'), line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains($"'{id}'", StringComparison.Ordinal));
        }

        // Without a reference to compare with, no picture can be judged.
        File.Delete(Path.Combine(_world.Images, names[3]));
        ToolOutcome blind = await _world.SearchAsync([.. query, .. verifier]);
        Assert.Equal(1, blind.ExitCode);
        Assert.Contains("give it by --image", blind.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_do_not_go_together_are_named()
    {
        string[] names = _world.AddPictures(2);
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);
        await AssertRefusesAsync("needs a text and a reference", "--text", Text, "--verifier", "openai:m");
        await AssertRefusesAsync("one reference image, and 2 were given", "--text", Text, "--id", names[0], "--id", names[1], "--verifier", "openai:m");
        await AssertRefusesAsync("-k says how many", "--text", Text, "--count", "3");
        await AssertRefusesAsync("--verify-by is for chat models", "--text", Text, "--verify-by", "grid");
        await AssertRefusesAsync("needs no description", "--text", Text, "--id", names[0], "--composer", "openai:m", "--endpoint", "http://localhost:1");

        async Task AssertRefusesAsync(string said, params string[] arguments)
        {
            ToolOutcome outcome = await _world.SearchAsync(arguments);
            Assert.Equal(2, outcome.ExitCode);
            Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
        }
    }

    // Looks for a picture that it knows among those that it is shown.
    private LoopbackResponse Answer(FakeChatRequest request, SKBitmap target)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _pictures, request.Images.Count);
        if (request.Text.Contains("each below its number", StringComparison.Ordinal))
        {
            return FakeChatServer.Order(SeenPictures.ByDistance([.. SeenPictures.Cells(request.Images[1], Top, target)]));
        }

        bool isKnown = SeenPictures.Distance(request.Images[1], target) < 1;
        return FakeChatServer.FirstToken(("Yes", Math.Log(isKnown ? 0.8 : 0.3)), ("No", Math.Log(isKnown ? 0.2 : 0.7)));
    }
}
