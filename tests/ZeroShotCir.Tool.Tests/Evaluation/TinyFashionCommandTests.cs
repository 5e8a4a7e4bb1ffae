using System.Net;
using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Evaluation;

/// <summary><c>cir</c> with no argument, the main job.</summary>
public sealed class TinyFashionCommandTests
{
    [Fact]
    public async Task Fusing_beats_either_half_of_the_query_and_captions_do_not_harm()
    {
        using TemporaryFolder folder = new();
        string report = folder.File("report.html");

        ToolOutcome outcome = await ToolProcess.RunAsync("--report", report);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Dictionary<string, JsonElement> averages = outcome.Json.GetProperty("results").EnumerateArray()
            .Where(result => result.GetProperty("category").GetString() == "average")
            .ToDictionary(result => result.Text("setting"), result => result.GetProperty("metrics"));
        Assert.Equal(["fused", "fused + captions", "image only", "text only"], averages.Keys.Order(StringComparer.Ordinal));
        double fused = averages["fused"].Number("R@10");
        Assert.True(fused >= averages["image only"].Number("R@10") + 10, "Fused must beat the image alone by 10 points.");
        Assert.True(fused >= averages["text only"].Number("R@10") + 10, "Fused must beat the text alone by 10 points.");
        foreach (string metric in (string[])["R@1", "R@10"])
        {
            Assert.True(averages["fused + captions"].Number(metric) >= averages["fused"].Number(metric), $"Captions lower {metric}.");
        }

        // Every picture of the album is embedded as the reference code does, whatever its format and however it is stored.
        JsonElement album = outcome.Json.GetProperty("album");
        Assert.Equal(594, album.GetProperty("files").GetInt32());
        Assert.Equal(594, album.GetProperty("read").GetInt32());
        Assert.Equal(594, album.GetProperty("right").GetInt32());
        Assert.All(album.GetProperty("failed").EnumerateArray(), file => Assert.DoesNotContain("cir-album-", file.Text("error"), StringComparison.Ordinal));
        Assert.Equal(5, album.GetProperty("query").GetProperty("hits").GetArrayLength());

        string page = await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken);
        Assert.Equal(report, outcome.Json.Text("report"));
        Assert.Contains("data:image/", page, StringComparison.Ordinal);
        Assert.Contains("594 of 594", page, StringComparison.Ordinal);
        Assert.All(album.GetProperty("failed").EnumerateArray(), file => Assert.Contains(WebUtility.HtmlEncode(file.Text("file")), page, StringComparison.Ordinal));
        // A page that asks another host for anything would not be self-contained.
        Assert.DoesNotMatch("""(?i)(src|href)\s*=\s*["']?https?://[^"'>]+\.(js|css|png|jpe?g|woff2?)""", page);
        Assert.DoesNotMatch("""(?i)<(script|link|img|iframe)[^>]+(src|href)\s*=\s*["']?https?:""", page);
    }
}
