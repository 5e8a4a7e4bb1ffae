using System.Text.Json;

namespace ZeroShotCir.Tests;

/// <summary>The settings of the album's <c>expected_metrics.json</c>, which another program worked out in double, by the library's strategies.</summary>
public sealed class AlbumMetricsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_setting_is_reproduced()
    {
        AlbumWorld album = await AlbumWorld.OpenAsync(TestContext.Current.CancellationToken);
        Dictionary<string, AlbumKind> kinds = new()
        {
            ["composed"] = new AlbumComposed(album, "composed"),
            ["shortcuts"] = new AlbumComposed(album, "shortcuts"),
            ["constrained"] = new AlbumConstrained(album),
            ["signed"] = new AlbumSigned(album),
            ["sessions"] = new AlbumSessions(album),
        };
        JsonElement[] expected = [.. GoldenJson.Read(Path.Combine(RepositoryPaths.TinyFashion, "album", "expected_metrics.json")).GetProperty("results").EnumerateArray()];
        Dictionary<string, float[][]> scored = [];
        List<string> faults = [];
        int equal = 0, all = 0;
        foreach (JsonElement setting in expected)
        {
            AlbumKind kind = kinds[setting.Text("kind")];
            string key = $"{setting.Text("kind")}, {setting.Text("strategy")} {setting.GetProperty("setting").GetRawText()}";
            if (!scored.TryGetValue(key, out float[][]? scores))
            {
                scores = kind.Score(setting.Text("strategy"), setting.GetProperty("setting"));
                scored.Add(key, scores);
            }

            int[] rows = kind.Rows(setting.TryGetProperty("subset", out JsonElement subset) ? subset.GetString() : null);
            if (kind.Task.Faults(scores, setting, rows) is { Length: > 0 } fault)
            {
                faults.Add($"{key} {subset}: {fault}");
            }

            (int same, int wanted) = kind.Task.Ranks(scores, setting, rows);
            equal += same;
            all += wanted;
        }

        output.WriteLine($"{expected.Length - faults.Count} of {expected.Length} settings reproduced, {equal} of {all} ranks equal");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(266, expected.Length);
    }
}
