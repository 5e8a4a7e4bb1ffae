using System.Text;
using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests;

/// <summary>Reports of several data sets.</summary>
public sealed class SeveralDataSetsReportTests : IDisposable
{
    private static readonly NamedSetting Fused = new("fused", new EvaluationSetting { Beta = 0 });
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Data sets number their pictures: what one calls 0001 is another picture than what the next one does.</summary>
    [Fact]
    public void Pictures_of_the_same_name_are_those_of_their_data_set()
    {
        EvaluationReport report = new("Two");
        report.Add(Measure("first", Fused));
        report.Add(Measure("second", Fused));
        string file = _folder.Of("report.html");
        report.Write(file, new Bytes(), TestContext.Current.CancellationToken);

        const string start = "<script type=\"application/json\" id=\"data\">";
        string html = File.ReadAllText(file);
        html = html[(html.IndexOf(start, StringComparison.Ordinal) + start.Length)..];
        JsonElement data = JsonDocument.Parse(html[..html.IndexOf("</script>", StringComparison.Ordinal)]).RootElement;
        JsonElement[] queries = [.. data.GetProperty("queries").EnumerateArray()];
        Assert.Equal(["0001", "0001", "0002", "0002"], data.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(2, queries.Length);
        foreach ((string title, JsonElement query) in ((string[])["first", "second"]).Zip(queries))
        {
            Assert.Equal(title, query.GetProperty("group").GetString());
            Assert.Equal($"{title} 0001", Picture(query.GetProperty("reference")));
            Assert.Equal($"{title} 0002", Picture(query.GetProperty("targets")[0]));
            Assert.All(query.GetProperty("rankings")[0].GetProperty("hits").EnumerateArray(), hit => Assert.StartsWith(title, Picture(hit), StringComparison.Ordinal));
        }

        string Picture(JsonElement number) => Encoding.UTF8.GetString(data.GetProperty("pictures")[number.GetInt32()].GetBytesFromBase64());
    }

    /// <summary>Queries of all data sets stand under one row of names.</summary>
    [Fact]
    public void Settings_of_other_names_are_refused()
    {
        EvaluationReport report = new("Two");
        report.Add(Measure("first", Fused));

        ArgumentException refused = Assert.Throws<ArgumentException>(() => report.Add(Measure("second", new NamedSetting("other", Fused.Setting))));
        Assert.Contains("'second' are other", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => report.Add(Measure("second", Fused, new NamedSetting("more", Fused.Setting))));
        report.Add(Measure("second", Fused));
    }

    private MeasuredSettings Measure(string title, params NamedSetting[] settings)
    {
        string[] names = ["0001", "0002"];
        GalleryImage[] gallery = [.. names.Select(name =>
        {
            _folder.Write($"{title} {name}", title, name);
            return new GalleryImage(name, _folder.Of(title, name));
        })];
        EvaluationDataset dataset = new("fashioniq", title, gallery, [new EvaluationQuery("q", "0001", ["text"]) { Target = "0002" }]);
        EmbeddingMatrix images = EmbeddingMatrix.FromRows([[1f, 0f], [0.6f, 0.8f]]);
        EvaluationFeatures features = new("model", names, images, [], [], EmbeddingMatrix.FromRows([[0f, 1f]]));
        return MeasuredSettings.Measure(title, [new EvaluationRunner(dataset, features)], settings, TestContext.Current.CancellationToken);
    }

    private sealed class Bytes : IImageShrinker
    {
        public ImageData Shrink(ImageData image, int maxEdge) => image;
    }
}
