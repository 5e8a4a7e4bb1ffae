using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Composition;

public sealed class CorpusProjectionTests
{
    [Theory]
    [InlineData(3, 2, 0)]
    [InlineData(24, 60, 40)]
    [InlineData(96, 12, 0)]
    [InlineData(96, 12, 30)]
    [InlineData(40, 3, 2)]
    public void Directions_are_those_in_which_the_texts_spread(int dimensions, int texts, int negatives)
    {
        Random random = new(dimensions + texts);
        EmbeddingMatrix corpus = Rows(random, texts, dimensions);
        EmbeddingMatrix? others = negatives == 0 ? null : Rows(random, negatives, dimensions);
        CorpusProjection projection = CorpusProjection.Create(corpus, others, Rows(random, 1, dimensions)[0], Rows(random, 5, dimensions), corpus);
        Assert.InRange(projection.Directions.Rows, 1, dimensions);
        double last = double.PositiveInfinity;
        for (int i = 0; i < projection.Directions.Rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                Assert.Equal(i == j ? 1 : 0, Dot(projection.Directions[i], projection.Directions[j]), 1e-5);
            }

            // By definition: C·v is v stretched, ever less, and never turned round.
            double[] stretched = Scatter(corpus, others, projection.TextMean, projection.Directions[i]);
            double value = Math.Sqrt(stretched.Sum(x => x * x));
            for (int d = 0; d < dimensions; d++)
            {
                Assert.Equal(value * projection.Directions[i][d], stretched[d], 1e-5);
            }

            Assert.True(value <= last + 1e-6);
            last = value;
        }

        float[] once = projection.Project(corpus[0]);
        Assert.All(once.Zip(projection.Project(once)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void A_projection_survives_its_file_and_a_gallery_refuses_that_of_another_encoder()
    {
        using TemporaryFolder folder = new();
        Random random = new(5);
        CorpusProjection made = CorpusProjection.Create(Rows(random, 20, 8), null, Rows(random, 1, 8)[0], Rows(random, 4, 8), Rows(random, 4, 8), model: "texts-1");
        string path = folder.File("p.safetensors");
        made.Save(path);
        CorpusProjection read = CorpusProjection.Open(path);
        Assert.Equal(made.Directions.Values, read.Directions.Values);
        Assert.Equal(made.TextMean, read.TextMean);
        Assert.Equal(made.ImageMean, read.ImageMean);
        Assert.Equal((made.LeastImageSimilarity, made.LeastTextSimilarity, made.Model), (read.LeastImageSimilarity, read.LeastTextSimilarity, read.Model));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^40]);
        Assert.ThrowsAny<ZeroShotCir.Errors.ZeroShotCirException>(() => CorpusProjection.Open(path));

        Gallery gallery = Gallery.FromEmbeddings(["a"], Rows(random, 1, 8), model: new GalleryModel("images-1", "texts-2", 8));
        Assert.Contains("texts-2", Assert.Throws<InvalidGalleryException>(() => gallery.WithProjection(made)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidGalleryException>(() => Gallery.FromEmbeddings(["a"], Rows(random, 1, 4)).WithProjection(made));
    }

    [Fact]
    public async Task A_search_looks_at_the_selection_and_says_what_it_lacks()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Random random = new(7);
        string[] ids = [.. Enumerable.Range(0, 30).Select(i => $"{i}")];
        Gallery gallery = Gallery.FromEmbeddings(ids, Rows(random, 30, 8));
        ComposedImageRetriever retriever = new(gallery, null, null);
        ComposedQuery query = new() { ReferenceId = "3", Terms = [QueryTerm.FromEmbedding(TermRole.Text, Rows(random, 1, 8)[0].ToArray())], Beta = 0 };
        InvalidQueryException refusal = await Assert.ThrowsAsync<InvalidQueryException>(
            () => retriever.SearchAsync(query with { Strategy = StrategyTable.Parse("basic") }, cancellationToken: token));
        Assert.Contains("projection", refusal.Message, StringComparison.Ordinal);

        // What feeds back is found among the items that may be found.
        GallerySelection some = gallery.Select(ordinal => ordinal % 3 == 0);
        Gallery alone = Gallery.FromEmbeddings([.. ids.Where((_, i) => i % 3 == 0)], EmbeddingMatrix.FromRows([.. Enumerable.Range(0, 10).Select(i => Image(gallery, 3 * i))]));
        CompositionStrategy feedback = StrategyTable.Parse("prf:rows=4,temperature=5");
        RetrievalRanking selected = await retriever.SearchAsync(query with { Strategy = feedback, Selection = some }, 10, token);
        RetrievalRanking whole = await new ComposedImageRetriever(alone, null, null).SearchAsync(query with { Strategy = feedback }, 10, token);
        Assert.Equal(whole.Select(result => result.Id), selected.Select(result => result.Id));
        Assert.All(whole.Zip(selected), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-6f));

        // More of this, less of that: chosen hits, with or without a query beside them.
        ComposedQuery more = new()
        {
            Terms = [QueryTerm.FromItem("6", role: TermRole.Liked), QueryTerm.FromItem("9", role: TermRole.Disliked)],
            Strategy = StrategyTable.Parse("more-less:unlike=1"),
            Beta = 0,
        };
        RetrievalRanking found = await retriever.SearchAsync(more, 30, token);
        Assert.Equal("6", found[0].Id);
        Assert.Equal("9", found[^1].Id);
    }

    private static float[] Image(Gallery gallery, int ordinal)
    {
        float[] image = new float[gallery.Dimensions];
        gallery.CopyImage(ordinal, image);
        return image;
    }

    private static double[] Scatter(EmbeddingMatrix corpus, EmbeddingMatrix? negatives, ReadOnlySpan<float> mean, ReadOnlySpan<float> vector)
    {
        double weight = 0.2;
        double[] result = new double[vector.Length];
        double sum = 0;
        foreach (float value in vector)
        {
            sum += value;
        }

        Array.Fill(result, 1e-5 * sum);
        Add(corpus, 1 - weight, mean, vector);
        if (negatives is not null)
        {
            Add(negatives, -weight, mean, vector);
        }

        return result;

        void Add(EmbeddingMatrix rows, double share, ReadOnlySpan<float> mean, ReadOnlySpan<float> vector)
        {
            float[] unit = new float[vector.Length];
            for (int row = 0; row < rows.Rows; row++)
            {
                UnitVector.Normalize(rows[row], unit);
                double along = 0;
                for (int i = 0; i < unit.Length; i++)
                {
                    along += ((double)unit[i] - mean[i]) * vector[i];
                }

                for (int i = 0; i < unit.Length; i++)
                {
                    result[i] += share * along * ((double)unit[i] - mean[i]) / (rows.Rows - 1);
                }
            }
        }
    }

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }

    private static EmbeddingMatrix Rows(Random random, int count, int dimensions)
        => EmbeddingMatrix.FromRows([.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextDouble() - 0.4)).ToArray())]);
}
