using System.Security.Cryptography;
using System.Text.Json;
using ZeroShotCir.Tests;
using ZeroShotCir.Tests.Chat;

namespace ZeroShotCir.Tool.Tests.Captions;

public sealed class ComposeCommandTests(ComposeCommandTests.EmbeddingCache cache, ITestOutputHelper output) : IClassFixture<ComposeCommandTests.EmbeddingCache>, IDisposable
{
    private const int Queries = 216;
    private static readonly string Cirr = Path.Combine(RepositoryPaths.TinyFashion, "data", "cirr");
    private static readonly string Captions = Path.Combine(Cirr, "gallery_captions.json");
    private readonly TemporaryFolder _folder = new();
    private int _requests;

    private string Targets => _folder.File("targets.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_description_that_repeats_the_text_ranks_as_the_text_does()
    {
        await using FakeChatServer server = Server(RequestOf);
        ToolOutcome composed = await ComposeAsync(server);
        Assert.True(composed.ExitCode == 0, composed.Errors);
        Assert.Equal((Queries, Queries), (composed.Json.GetProperty("captioned").GetInt32(), _requests));

        foreach (string alpha in (string[])["0.6", "1"])
        {
            JsonElement text = await EvaluateAsync("--alpha", alpha);
            JsonElement target = await EvaluateAsync("--alpha", alpha, "--composition", Targets, "--fusion", "target");
            Assert.Equal(text.GetProperty("metrics").GetRawText(), target.GetProperty("metrics").GetRawText());
        }

        ToolOutcome again = await ComposeAsync(server);
        Assert.Equal((0, Queries), (again.Json.GetProperty("captioned").GetInt32(), again.Json.GetProperty("reused").GetInt32()));
        Assert.Equal(Queries, _requests);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("captions")]
    [InlineData("both")]
    public async Task A_model_that_knows_the_answer_lifts_recall_however_it_sees_the_reference(string from)
    {
        Dictionary<string, string> answers = Answers();
        bool seesImage = from != "captions";
        await using FakeChatServer server = Server(request =>
        {
            Assert.Equal(seesImage ? 1 : 0, request.Images.Count);
            Assert.Equal(from != "image", request.Text.Contains("in words:", StringComparison.Ordinal));
            return answers[RequestOf(request)];
        });
        string[] captions = from == "image" ? [] : ["--captions", Captions];

        ToolOutcome composed = await ComposeAsync(server, ["--from", from, .. captions]);

        Assert.True(composed.ExitCode == 0, composed.Errors);
        JsonElement text = (await EvaluateAsync("--alpha", "1")).GetProperty("metrics");
        JsonElement target = (await EvaluateAsync("--alpha", "1", "--composition", Targets, "--fusion", "target")).GetProperty("metrics");
        output.WriteLine($"R@10 {text.GetProperty("R@10")} by the text, {target.GetProperty("R@10")} by the description");
        Assert.True(target.GetProperty("R@10").GetDouble() > text.GetProperty("R@10").GetDouble() + 10, $"{target} is no better than {text}");

        // PDV takes it as the composed text, and needs the reference's captions beside it.
        JsonElement pdv = (await EvaluateAsync("--composition", Targets, "--captions", Captions, "--fusion", "pdv", "--beta", "0")).GetProperty("metrics");
        Assert.True(pdv.GetProperty("R@10").GetDouble() > text.GetProperty("R@10").GetDouble() + 10, $"{pdv} is no better than {text}");
    }

    [Fact]
    public async Task Queries_without_a_description_are_refused_unless_their_text_may_stand_in()
    {
        int number = 0;
        await using FakeChatServer server = new(request => Interlocked.Increment(ref number) == 5
            ? FakeChatServer.Answer("", refusal: "No.")
            : FakeChatServer.Captions(RequestOf(request)));
        ToolOutcome composed = await ComposeAsync(server);
        Assert.Equal((Queries - 1, 1), (composed.Json.GetProperty("captioned").GetInt32(), composed.Json.GetProperty("failed").GetArrayLength()));
        string failed = composed.Json.GetProperty("failed")[0].GetProperty("file").GetString()!;
        Assert.StartsWith("cirr-val/", failed, StringComparison.Ordinal);

        string[] arguments = [.. Evaluation, "--composition", Targets, "--fusion", "target"];
        ToolOutcome refused = await ToolProcess.RunAsync(arguments);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(failed, refused.Errors, StringComparison.Ordinal);

        ToolOutcome allowed = await ToolProcess.RunAsync([.. arguments, "--allow-missing"]);
        Assert.Equal(0, allowed.ExitCode);
        Assert.Equal(Queries - 1, allowed.Json.GetProperty("manifest").GetProperty("source").GetProperty("described").GetInt32());
    }

    [Fact]
    public async Task Captions_of_other_images_are_refused_rather_than_counted_as_missing()
    {
        string captions = _folder.Write("""{"id":"dev/dev-11-0-img1.png","captions":["a shirt"]}""", "captions.jsonl");

        ToolOutcome outcome = await ToolProcess.RunAsync([.. Evaluation, "--captions", captions]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("--ids name", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verifier_that_knows_the_answer_brings_every_target_of_the_first_ten_to_the_top()
    {
        Dictionary<string, string> targets = Annotations()
            .Select(query => (Text: query.GetProperty("caption").GetString()!.Trim(), Target: query.GetProperty("target_hard").GetString()!))
            .GroupBy(query => query.Text).ToDictionary(group => group.Key, group => string.Join(' ', group.Select(query => Hash(query.Target))));
        await using FakeChatServer server = new(request =>
        {
            Interlocked.Increment(ref _requests);
            string found = Convert.ToHexStringLower(SHA256.HashData(request.Images[1]));
            return FakeChatServer.Fit(targets[RequestOf(request)].Contains(found, StringComparison.Ordinal) ? "10" : "3");
        });
        string[] arguments = Verified(server, 10);

        ToolOutcome outcome = await ToolProcess.RunAsync(arguments);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement before = outcome.Json.GetProperty("results")[0].GetProperty("metrics");
        JsonElement verification = outcome.Json.GetProperty("verification");
        JsonElement after = verification.GetProperty("results")[0].GetProperty("metrics");
        output.WriteLine($"R@1 {before.GetProperty("R@1")} and R@10 {before.GetProperty("R@10")} before, R@1 {after.GetProperty("R@1")} after");
        Assert.True(after.GetProperty("R@1").GetDouble() > before.GetProperty("R@1").GetDouble() + 5);
        double bound = before.GetProperty("R@10").GetDouble();
        Assert.InRange(after.GetProperty("R@1").GetDouble(), bound - 3, bound); // Texts that occur twice have two targets.
        Assert.Equal(before.GetProperty("R@10").GetDouble(), after.GetProperty("R@10").GetDouble());
        Assert.Equal(before.GetProperty("R@50").GetDouble(), after.GetProperty("R@50").GetDouble());
        Assert.Equal(Queries * 10, verification.GetProperty("verified").GetInt32() + verification.GetProperty("reused").GetInt32());
        Assert.Equal(0, verification.GetProperty("refused").GetInt32());

        int requests = _requests;
        ToolOutcome again = await ToolProcess.RunAsync(arguments);
        Assert.Equal(after.GetRawText(), again.Json.GetProperty("verification").GetProperty("results")[0].GetProperty("metrics").GetRawText());
        Assert.Equal(requests, _requests);

        static string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(FileOf(name))));

        static string FileOf(string name) => Directory.GetFiles(Cirr, $"{name}.*", SearchOption.AllDirectories).Single();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(200)]
    public async Task A_pair_that_is_refused_counts_as_a_misfit_in_every_form_of_refusal(int status)
    {
        await using FakeChatServer server = new(request => Convert.FromHexString(Convert.ToHexStringLower(SHA256.HashData(request.Images[1])))[0] % 4 != 0
            ? FakeChatServer.Fit("5")
            : status == 200 ? FakeChatServer.Answer("Sorry, not this one.") : FakeChatServer.Error(status));

        ToolOutcome outcome = await ToolProcess.RunAsync(Verified(server, 2));

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement verification = outcome.Json.GetProperty("verification");
        Assert.InRange(verification.GetProperty("refused").GetInt32(), 1, Queries * 2);
        Assert.Equal(Queries * 2, verification.GetProperty("verified").GetInt32() + verification.GetProperty("reused").GetInt32() + verification.GetProperty("refused").GetInt32());
    }

    [Fact]
    public async Task A_pair_that_breaks_the_server_ends_one_run_and_not_the_next()
    {
        byte[]? broken = null;
        await using FakeChatServer server = new(request =>
        {
            broken ??= request.Images[1];
            return request.Images[1].SequenceEqual(broken) ? FakeChatServer.Error(500) : FakeChatServer.Fit("5");
        });
        string[] arguments = Verified(server, 1);
        int runs = 0;
        ToolOutcome outcome;
        do
        {
            outcome = await ToolProcess.RunAsync(arguments);
        }
        while (outcome.ExitCode != 0 && ++runs < 30);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.InRange(runs, 1, 29);
    }

    private string[] Evaluation =>
        ["eval", "--dataset", "cirr", "--root", Cirr, "--model", Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"), "--cache", cache.Folder.Path];

    private string[] Verified(FakeChatServer server, int top) =>
    [
        .. Evaluation, "--verifier", "openai:fake-vision", "--endpoint", $"{server.Endpoint}", "--verdicts", _folder.File("verdicts.jsonl"),
        "--verify-top", $"{top}", "--retries", "0",
    ];

    private static string RequestOf(FakeChatRequest request) => request.Text.Split("The request: ")[1].Split('\n')[0].Trim();

    // The first caption of each query's target, by the query's text; texts that occur twice keep the last target.
    private static Dictionary<string, string> Answers()
    {
        Dictionary<string, string> captions = JsonDocument.Parse(File.ReadAllBytes(Captions)).RootElement.EnumerateArray()
            .ToDictionary(entry => entry.GetProperty("candidate").GetString()!, entry => entry.GetProperty("captions")[0].GetString()!);
        Dictionary<string, string> answers = [];
        foreach (JsonElement query in Annotations())
        {
            answers[query.GetProperty("caption").GetString()!.Trim()] = captions[query.GetProperty("target_hard").GetString()!];
        }

        return answers;
    }

    private static JsonElement[] Annotations()
        => [.. JsonDocument.Parse(File.ReadAllBytes(Directory.GetFiles(Path.Combine(Cirr, "captions"), "*val.json").Single())).RootElement.EnumerateArray()];

    private FakeChatServer Server(Func<FakeChatRequest, string> describe) => new(request =>
    {
        Interlocked.Increment(ref _requests);
        return FakeChatServer.Captions(describe(request));
    });

    private Task<ToolOutcome> ComposeAsync(FakeChatServer server, params string[] more) => ToolProcess.RunAsync(
        ["compose", "--dataset", "cirr", "--root", Cirr, "--composer", "openai:fake-vision", "--endpoint", $"{server.Endpoint}", "--out", Targets, "--retries", "0", .. more]);

    private async Task<JsonElement> EvaluateAsync(params string[] more)
    {
        ToolOutcome outcome = await ToolProcess.RunAsync([.. Evaluation, .. more]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome.Json.GetProperty("results")[0];
    }

    /// <summary>Embeddings that the tests share, so that each picture is encoded once.</summary>
    public sealed class EmbeddingCache : IDisposable
    {
        internal TemporaryFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();
    }
}
