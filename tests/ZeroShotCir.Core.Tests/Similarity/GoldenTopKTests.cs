using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Tests.Similarity;

public sealed class GoldenTopKTests
{
    private const int Cases = 33;

    [Theory]
    [InlineData(SearchPrecision.Full)]
    [InlineData(SearchPrecision.Certified)]
    public void Rankings_with_many_ties_equal_the_golden_ones_with_and_without_excluded_ordinals(SearchPrecision precision)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(RepositoryPaths.Golden("fusion", "topk.json")));
        Dictionary<string, float[]> scoresByCase = [];
        int compared = 0;
        foreach (JsonElement test in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string name = test.GetProperty("name").GetString()!;
            JsonElement given = test.GetProperty("scores_times_4");
            float[] scores = given.ValueKind == JsonValueKind.String
                ? scoresByCase[given.GetString()!["as in ".Length..]]
                : [.. given.EnumerateArray().Select(s => s.GetInt32() / 4f)];
            scoresByCase[name] = scores;
            ExactIndex index = new(EmbeddingMatrix.Copy(scores, 1), new ExactIndexOptions { Precision = precision });

            Assert.Equal(Ordinals(test, "top"), Search(index, test.GetProperty("k").GetInt32(), default));
            Assert.Equal(
                Ordinals(test, "top_after_exclusion"),
                Search(index, test.GetProperty("k").GetInt32(), new SearchScope(Ordinals(test, "excluded"))));
            compared++;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{compared} golden rankings compared.");
        Assert.Equal(Cases, compared);
    }

    private static int[] Ordinals(JsonElement test, string name)
        => [.. test.GetProperty(name).EnumerateArray().Select(o => o.GetInt32())];

    private static int[] Search(ExactIndex index, int k, SearchScope scope)
    {
        SearchHit[] hits = new SearchHit[k];
        int found = index.Search([1f], hits, scope).Found;
        return [.. hits.Take(found).Select(h => h.Ordinal)];
    }
}
