using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ZeroShotCir.Tests;
using ZeroShotCir.Tests.Chat;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tool.Tests.Captions;

/// <summary>Five hundred captions from a bad server, with the tool's process killed twice on the way.</summary>
public sealed class KilledCaptionRunTests(ITestOutputHelper output) : IDisposable
{
    private const int Pictures = 500;
    private const int Concurrency = 8;
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, int> _answered = new();
    private readonly Random _random = new(20240911);
    private int _requests, _busy, _broken, _overloaded, _failed, _total;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_caption_is_there_none_is_paid_for_twice_and_the_order_is_stable()
    {
        string images = CopyPictures();
        string killed = _folder.File("killed.jsonl");
        await using FakeChatServer server = new((request, stop) => AnswerBadlyAsync(request, stop));

        // What was under way when the process died. The server answers that to nobody, and these are the only answers that may be bought again.
        ConcurrentDictionary<string, int> lost = new();
        foreach (int goal in (int[])[150, 350])
        {
            using ToolProcess tool = ToolProcess.Start(Arguments(images, killed, server.Endpoint));
            while (Volatile.Read(ref _total) < goal)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await tool.KillAsync();
            do
            {
                await Task.Delay(200, TestContext.Current.CancellationToken); // Requests may still lie in the server's sockets.
            }
            while (Volatile.Read(ref _busy) > 0);

            HashSet<string> stored = Stored(killed);
            string[] lostNow = [.. _answered.Where(answer => !stored.Contains(answer.Key) && answer.Value > lost.GetValueOrDefault(answer.Key)).Select(answer => answer.Key)];
            Assert.InRange(lostNow.Length, 0, Concurrency);
            Assert.InRange(stored.Count, goal - Concurrency - lost.Count, Pictures - 1);
            output.WriteLine($"killed at {_total} answers: {stored.Count} stored, {lostNow.Length} lost under way");
            foreach (string image in lostNow)
            {
                lost.AddOrUpdate(image, 1, (_, times) => times + 1);
            }
        }

        // A picture whose answers are broken three times in a row is listed as failed, and running again asks for it again.
        int runs = 0;
        ToolOutcome last;
        do
        {
            last = await ToolProcess.RunAsync(Arguments(images, killed, server.Endpoint));
            Assert.True(last.ExitCode == 0, last.Errors);
        }
        while (last.Json.GetProperty("failed").GetArrayLength() > 0 && ++runs < 5);
        Assert.Equal(0, last.Json.GetProperty("failed").GetArrayLength());
        Assert.Equal(Pictures, last.Json.GetProperty("captioned").GetInt32() + last.Json.GetProperty("reused").GetInt32());
        Assert.Equal(Pictures, _answered.Count);
        Assert.All(_answered, answer => Assert.Equal(1 + lost.GetValueOrDefault(answer.Key), answer.Value));

        int before = _requests;
        ToolOutcome again = await ToolProcess.RunAsync(Arguments(images, killed, server.Endpoint));
        Assert.Equal((0, Pictures), (again.Json.GetProperty("captioned").GetInt32(), again.Json.GetProperty("reused").GetInt32()));
        Assert.Equal(before, _requests);

        // A good server and an undisturbed run write the same file, byte by byte.
        string undisturbed = _folder.File("undisturbed.jsonl");
        await using FakeChatServer good = new(request => Captions(request));
        Assert.Equal(0, (await ToolProcess.RunAsync(Arguments(images, undisturbed, good.Endpoint))).ExitCode);
        Assert.Equal(File.ReadAllText(undisturbed), File.ReadAllText(killed));
        Assert.Equal(
            Directory.GetFiles(images).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            File.ReadLines(killed).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));
        output.WriteLine(
            $"{Pictures} pictures, {_requests} requests: {_overloaded} of 429, {_failed} of 500, {_broken} of broken JSON, {_total} captions; "
            + $"{lost.Values.Sum()} answers lost at the kills and bought again, none else");
    }

    private static string[] Arguments(string images, string store, Uri endpoint) =>
        ["caption", "--images", images, "--captioner", "openai:fake-vision", "--endpoint", $"{endpoint}", "--out", store, "--count", "3",
            "--concurrency", Concurrency.ToString(CultureInfo.InvariantCulture), "--retries", "12"];

    private static LoopbackResponse Captions(FakeChatRequest request)
        => FakeChatServer.Captions([.. Enumerable.Range(0, 3).Select(i => $"caption {i} of {request.ImageHash[..12]}")]);

    private static HashSet<string> Stored(string path)
    {
        // The last line may be torn.
        HashSet<string> images = [];
        foreach (string line in File.ReadAllText(path).Split('\n').SkipLast(1))
        {
            JsonElement record = JsonDocument.Parse(line).RootElement;
            if (!record.TryGetProperty("error", out _))
            {
                Assert.Equal(3, record.GetProperty("captions").GetArrayLength());
                images.Add(record.GetProperty("image").GetString()!);
            }
        }

        return images;
    }

    private async Task<LoopbackResponse> AnswerBadlyAsync(FakeChatRequest request, CancellationToken stop)
    {
        Interlocked.Increment(ref _busy);
        try
        {
            Interlocked.Increment(ref _requests);
            double fate;
            TimeSpan delay;
            lock (_random)
            {
                fate = _random.NextDouble();
                delay = TimeSpan.FromMilliseconds(_random.Next(40));
            }

            await Task.Delay(delay, stop);
            switch (fate)
            {
                case < 0.10:
                    Interlocked.Increment(ref _overloaded);
                    return FakeChatServer.Error(429, "0");
                case < 0.15:
                    Interlocked.Increment(ref _failed);
                    return FakeChatServer.Error(500);
                case < 0.20:
                    Interlocked.Increment(ref _broken);
                    return FakeChatServer.Answer("""Here you are: {"captions": ["a red dress", "a dr""");
                default:
                    _answered.AddOrUpdate(request.ImageHash, 1, (_, times) => times + 1);
                    Interlocked.Increment(ref _total);
                    return Captions(request);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
        }
    }

    private string CopyPictures()
    {
        string folder = Directory.CreateDirectory(_folder.File("images")).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).Order(StringComparer.Ordinal).Take(Pictures))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }
}
