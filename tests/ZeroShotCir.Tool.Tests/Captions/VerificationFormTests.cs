using System.Globalization;
using System.Text.Json;
using SkiaSharp;
using ZeroShotCir.Tests;
using ZeroShotCir.Tests.Chat;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tool.Tests.Captions;

/// <summary>
/// Every form of verification, measured by the same command against a model that sees what it is shown and knows the target: it compares
/// pixels, so that a picture that came in a wrong cell of a grid or under a wrong number would show in the figures.
/// </summary>
public sealed class VerificationFormTests(ITestOutputHelper output) : IDisposable
{
    private const int Queries = 24;
    private const int Top = 6;
    private static readonly string Cirr = Path.Combine(RepositoryPaths.TinyFashion, "data", "cirr");
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _targets = [];
    private int _requests;
    private int _pictures;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_form_finds_what_the_model_knows_and_costs_what_was_foretold()
    {
        string root = SmallData();
        await using FakeChatServer server = new(Answer);
        Dictionary<string, string> figures = [];
        foreach (string form in (string[])["fit", "yes-no", "grid", "list"])
        {
            string[] arguments =
            [
                "eval", "--dataset", "cirr", "--root", root, "--model", Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"), "--cache", _folder.File("cache"),
                "--verifier", "openai:fake-vision", "--verify-by", form, "--verify-top", Invariant(Top), "--endpoint", $"{server.Endpoint}",
                "--verdicts", _folder.File($"{form}.jsonl"), "--retries", "0", "--price", "2:8",
            ];
            JsonElement? estimate = form is "yes-no" or "grid" ? await EstimateAsync(arguments) : null;
            Assert.False(File.Exists(_folder.File($"{form}.jsonl")));
            (_requests, _pictures) = (0, 0);

            ToolOutcome run = await ToolProcess.RunAsync(arguments);
            Assert.True(run.ExitCode == 0, run.Errors);
            JsonElement before = run.Json.GetProperty("results")[0].GetProperty("metrics"), verification = run.Json.GetProperty("verification");
            JsonElement after = verification.GetProperty("results")[0].GetProperty("metrics");
            output.WriteLine($"{form}: R@1 {before.GetProperty("R@1")} before, {after.GetProperty("R@1")} after; {_requests} requests, {_pictures} pictures; estimate {estimate}");
            Assert.Equal(form, verification.GetProperty("form").GetString());
            Assert.Equal(0, verification.GetProperty("refused").GetInt32());
            Assert.Equal(_requests, verification.GetProperty("verified").GetInt32());
            Assert.True(after.GetProperty("R@1").GetDouble() > before.GetProperty("R@1").GetDouble());
            figures.Add(form, after.GetProperty("R@1").GetRawText());
            if (estimate is { } foretold)
            {
                Assert.Equal((_requests, _pictures), (foretold.GetProperty("requests").GetInt32(), foretold.GetProperty("pictures").GetInt32()));
                decimal cost = ((2m * foretold.GetProperty("input_tokens").GetInt64()) + (8m * foretold.GetProperty("output_tokens").GetInt64())) / 1_000_000m;
                Assert.Equal(cost, foretold.GetProperty("cost").GetDecimal());
            }

            if (form == "grid")
            {
                // One picture of all candidates and one of the reference; and what is kept is not asked for again.
                Assert.Equal((Queries, 2 * Queries), (_requests, _pictures));
                Assert.Equal(0, (await EstimateAsync(arguments)).GetProperty("requests").GetInt32());
            }
        }

        // A model that knows the target puts it first, however it is asked.
        Assert.Single(figures.Values.Distinct());
    }

    private async Task<JsonElement> EstimateAsync(string[] arguments)
    {
        _requests = 0;
        ToolOutcome dry = await ToolProcess.RunAsync([.. arguments, "--dry-run"]);
        Assert.True(dry.ExitCode == 0, dry.Errors);
        Assert.Equal(0, _requests);
        return dry.Json.GetProperty("estimate");
    }

    // The model knows the target of a text and looks for it among the pictures that it is shown.
    private LoopbackResponse Answer(FakeChatRequest request)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _pictures, request.Images.Count);
        using SKBitmap target = SKBitmap.Decode(_targets[request.Text.Split("The request: ")[1].Split('\n')[0].Trim()]);
        if (request.Text.Contains("each below its number", StringComparison.Ordinal))
        {
            return FakeChatServer.Order(SeenPictures.ByDistance([.. SeenPictures.Cells(request.Images[1], Top, target)]));
        }

        double[] distances = [.. request.Images.Skip(1).Select(image => SeenPictures.Distance(image, target))];
        bool isSame = distances[0] < 1;
        return request.Text.Contains("\"order\"", StringComparison.Ordinal) ? FakeChatServer.Order(SeenPictures.ByDistance(distances))
            : request.Text.Contains("Yes or No", StringComparison.Ordinal) ? FakeChatServer.FirstToken(("Yes", Math.Log(isSame ? 0.8 : 0.3)), ("No", Math.Log(isSame ? 0.2 : 0.7)))
            : FakeChatServer.Fit(isSame ? "9" : "2");
    }

    // The first queries with a text of their own, among all pictures.
    private string SmallData()
    {
        string root = _folder.File("cirr");
        Directory.CreateDirectory(Path.Combine(root, "captions"));
        foreach (string part in (string[])["image_splits", "img_raw"])
        {
            Directory.CreateSymbolicLink(Path.Combine(root, part), Path.Combine(Cirr, part));
        }

        JsonElement[] queries = [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Cirr, "captions", "cap.rc2.val.json"))).RootElement.EnumerateArray()
            .DistinctBy(query => query.GetProperty("caption").GetString()!.Trim()).Take(Queries)];
        foreach (JsonElement query in queries)
        {
            _targets.Add(query.GetProperty("caption").GetString()!.Trim(), Path.Combine(Cirr, "img_raw", "dev", $"{query.GetProperty("target_hard").GetString()}.png"));
        }

        File.WriteAllText(Path.Combine(root, "captions", "cap.rc2.val.json"), $"[{string.Join(",\n", queries.Select(query => query.GetRawText()))}]");
        return root;
    }

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
