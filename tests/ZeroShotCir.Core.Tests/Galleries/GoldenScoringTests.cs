using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Tests.Galleries;

public sealed class GoldenScoringTests(ITestOutputHelper output)
{
    [Fact]
    public void Folded_vectors_and_their_cosine_component_are_those_of_the_reference_program()
    {
        int vectors = 0;
        double worst = 0;
        foreach (GoldenWorld world in GoldenWorld.Load())
        {
            foreach (JsonElement expected in world.Folded)
            {
                EmbeddingMatrix folded = Assert.Single(world.Gallery.Fold(expected.GetProperty("beta").GetDouble()));
                for (int n = 0; n < folded.Rows; n++, vectors++)
                {
                    worst = Math.Max(worst, GoldenWorld.Worst(folded[n], expected.GetProperty("folded")[n]));
                    double extra = expected.GetProperty("cosine_only_extra")[n].GetDouble();

                    // The root magnifies rounding near zero, so compare what it is the root of.
                    worst = Math.Max(worst, Math.Abs(Math.Pow(Folding.CosineComponent(folded[n]), 2) - (extra * extra)));
                }
            }
        }

        output.WriteLine($"{vectors} folded vectors, largest difference {worst:E2}");
        Assert.Equal(278, vectors);
        Assert.True(worst <= GoldenWorld.VectorTolerance, $"largest difference {worst:E2}");
    }

    [Fact]
    public void Scores_and_rankings_of_both_scorings_are_those_of_the_reference_program()
    {
        int settings = 0, queries = 0, scores = 0, vectors = 0;
        double worstScore = 0, worstVector = 0;
        foreach (GoldenWorld world in GoldenWorld.Load())
        {
            Gallery gallery = world.Gallery;
            ExactIndex stacked = new(gallery.Stack(world.CaptionsPerItem));
            foreach (JsonElement setting in world.Settings)
            {
                settings++;
                double beta = setting.GetProperty("beta").GetDouble();
                bool reference = setting.GetProperty("scoring").GetString() == "reference";
                ExactIndex index = reference ? stacked : gallery.CreateIndex(beta);
                for (int q = 0; q < world.Texts.Rows; q++, queries++)
                {
                    float[] query = Query(world, setting, q, beta, reference);
                    if (setting.TryGetProperty(reference ? "stacked_queries" : "queries", out JsonElement expected))
                    {
                        worstVector = Math.Max(worstVector, GoldenWorld.Worst(query, expected[q]));
                        vectors++;
                    }

                    SearchHit[] hits = new SearchHit[gallery.Count];
                    Assert.Equal(gallery.Count, index.Search(query, hits).Found);
                    foreach (SearchHit hit in hits)
                    {
                        worstScore = Math.Max(worstScore, Math.Abs(hit.Score - setting.GetProperty("scores")[q][hit.Ordinal].GetDouble()));
                        scores++;
                    }

                    string where = $"{world.Name}, {setting.GetProperty("scoring")}, alpha {setting.GetProperty("alpha")}, beta {beta}, {setting.GetProperty("fusion")}, query {q}";
                    AssertRanking(setting.GetProperty("top")[q], hits.AsSpan(0, world.K), where);
                    SearchHit[] others = new SearchHit[setting.GetProperty("top_without_reference")[q].GetArrayLength()];
                    index.Search(query, others, new SearchScope(new[] { world.References[q] }));
                    AssertRanking(setting.GetProperty("top_without_reference")[q], others, where + ", without its reference");
                }
            }
        }

        output.WriteLine($"{settings} settings, {queries} queries, {scores} scores (largest difference {worstScore:E2}), {vectors} query vectors ({worstVector:E2})");
        Assert.Equal((52, 166), (settings, queries));
        Assert.True(worstScore <= GoldenWorld.ScoreTolerance, $"largest difference of a score {worstScore:E2}");
        Assert.True(worstVector <= GoldenWorld.VectorTolerance, $"largest difference of a vector {worstVector:E2}");
    }

    private static float[] Query(GoldenWorld world, JsonElement setting, int q, double beta, bool reference)
    {
        int image = world.References[q];
        if (reference)
        {
            ReadOnlySpan<float> captions = world.Captions[image];
            List<TermSet> paths = [Pair(world.Images[image])];
            for (int j = 0; j < world.CaptionsPerItem; j++)
            {
                paths.Add(Pair(captions.Slice(j * world.Dimensions, world.Dimensions)));
            }

            return Stacking.StackQuery(GoldenWorld.Fusion(setting), beta, paths, imageOnly: false);
        }

        return GoldenWorld.Fusion(setting).Compose(Pair(world.Images[image]));

        TermSet Pair(ReadOnlySpan<float> first) => new TermSet(world.Dimensions).Add(TermRole.Image, first).Add(TermRole.Text, world.Texts[q]);
    }

    private static void AssertRanking(JsonElement expected, ReadOnlySpan<SearchHit> hits, string where)
    {
        int[] ordinals = [.. hits.ToArray().Select(hit => hit.Ordinal)];
        int[] wanted = [.. expected.EnumerateArray().Select(e => e.GetInt32())];
        Assert.True(wanted.SequenceEqual(ordinals), $"{where}: expected [{string.Join(' ', wanted)}], got [{string.Join(' ', ordinals)}]");
    }
}
