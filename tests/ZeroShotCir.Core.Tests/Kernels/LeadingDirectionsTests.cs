using ZeroShotCir.Embeddings;
using ZeroShotCir.Kernels;
using ZeroShotCir.Similarity;
using ZeroShotCir.Tests.Similarity;

namespace ZeroShotCir.Tests.Kernels;

public sealed class LeadingDirectionsTests
{
    private const int Queries = 203;

    [Theory]
    [InlineData(VectorKind.Unit, 301, 128)]
    [InlineData(VectorKind.Unit, 97, 1_031)]
    [InlineData(VectorKind.Uncentred, 301, 200)]
    [InlineData(VectorKind.Integers, 301, 131)]
    [InlineData(VectorKind.Constant, 50, 128)]
    [InlineData(VectorKind.OneHot, 301, 256)]
    [InlineData(VectorKind.NearDuplicates, 301, 129)]
    [InlineData(VectorKind.Tiny, 301, 128)]
    [InlineData(VectorKind.Huge, 301, 128)]
    [InlineData(VectorKind.MixedLengths, 301, 160)]
    [InlineData(VectorKind.Concentrated, 1_201, 768)]
    public void No_row_is_ruled_out_by_a_threshold_that_it_reaches(VectorKind kind, int rows, int dimensions)
    {
        SearchProblem problem = SearchProblem.Create(new Random(rows), kind, rows, dimensions, Queries, 1, restricted: false);
        IndexRows index = new([problem.Rows], new CompressedRows?[1]);

        // Some queries are rows, whose bounds leave no room: what the directions leave of them is parallel.
        float[] asked = problem.Queries.Values.ToArray();
        problem.Rows.Values[..(40 * dimensions)].CopyTo(asked);
        EmbeddingMatrix asking = EmbeddingMatrix.Copy(asked, dimensions);
        float[] scores = [.. Enumerable.Range(0, rows * Queries).Select(i => (float)Product(asking[i % Queries], problem.Rows[i / Queries]))];
        foreach (InstructionSet instructions in Enum.GetValues<InstructionSet>())
        {
            ScanKernels kernels = ScanKernels.For(instructions);
            LeadingDirections directions = new(kernels);
            if (!directions.Find(index, asked))
            {
                Assert.True(kind is VectorKind.Tiny or VectorKind.Huge, $"No directions were found in {problem}.");
                continue;
            }

            Assert.InRange(directions.Count, 1, dimensions / 8);
            ulong[] reaching = new ulong[Queries];
            QueryPanels queries = new(kernels);
            queries.SetProjected(asked, dimensions, directions);
            RowPanel panel = new(kernels);
            ProjectedPanel projected = new(kernels);
            for (int first = 0; first < rows; first += kernels.PanelRows)
            {
                panel.Pack(new ScanRange(index, 0, first, Math.Min(kernels.PanelRows, rows - first)), quantize: false);
                projected.Set(panel, directions);
                for (int row = 0; row < panel.Count; row++)
                {
                    kernels.Sift(queries, projected, scores.AsSpan((first + row) * Queries, Queries), reaching);
                    Assert.All(reaching, bits => Assert.Equal(1UL, (bits >> row) & 1));
                    Assert.All(reaching, bits => Assert.Equal(0UL, panel.Count == 64 ? 0 : bits >> panel.Count));
                }
            }
        }
    }

    [Fact]
    public void Directions_hold_most_of_the_length_of_rows_that_lie_along_few()
    {
        SearchProblem problem = SearchProblem.Create(new Random(3), VectorKind.Concentrated, 2_003, 256, Queries, 1, restricted: false);
        ScanKernels kernels = ScanKernels.Best;
        LeadingDirections directions = new(kernels);
        Assert.True(directions.Find(new IndexRows([problem.Rows], new CompressedRows?[1]), problem.Queries.Values));

        float[] panel = new float[256 * kernels.PanelRows], products = new float[directions.Count * kernels.PanelRows], rests = new float[kernels.PanelRows];
        ReadOnlySpan<float> some = problem.Rows.Values[..(256 * kernels.PanelRows)];
        Transposition.Pack(some, 256, panel, kernels.PanelRows);
        float[] lengths = [.. Enumerable.Range(0, kernels.PanelRows).Select(row => PanelScaling.For(problem.Rows[row]).Length)];
        directions.Project(panel, lengths, products, rests);
        Assert.All(rests.Zip(lengths), pair => Assert.InRange(pair.First, 0, 0.25f * pair.Second));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_batch_along_directions_ranks_as_brute_force_in_double_and_scores_as_a_scan_of_the_rows(int threads, bool restricted)
    {
        SearchProblem problem = SearchProblem.Create(new Random(threads), VectorKind.Concentrated, 9_001, 384, 301, 7, restricted);
        SearchHit[] expected = Find(problem, InstructionSetDetection.Best, SearchPrecision.Full, threads, out string floats);
        Assert.EndsWith("-f32", floats, StringComparison.Ordinal);
        foreach (InstructionSet instructions in Enum.GetValues<InstructionSet>())
        {
            SearchHit[] found = Find(problem, instructions, SearchPrecision.Auto, threads, out string kernel);
            Assert.EndsWith("-pca", kernel, StringComparison.Ordinal);
            Assert.Equal(expected, found);
        }

        for (int query = 0; query < 301; query += 50)
        {
            problem.Check(query, expected.AsSpan(query * 7, 7));
        }
    }

    [Fact]
    public void Vectors_that_lie_along_no_few_directions_are_compared_in_integers()
    {
        SearchProblem problem = SearchProblem.Create(new Random(1), VectorKind.Unit, 4_001, 384, 301, 7, restricted: false);
        SearchHit[] found = Find(problem, InstructionSetDetection.Best, SearchPrecision.Auto, 1, out string kernel);
        Assert.Equal(Find(problem, InstructionSetDetection.Best, SearchPrecision.Full, 1, out _), found);
        Assert.EndsWith("-i16", kernel, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(127, 1024, false)]
    [InlineData(128, 43, true)]
    [InlineData(768, 255, false)]
    [InlineData(768, 256, true)]
    public void Short_vectors_and_few_queries_are_not_worth_directions(int dimensions, int queries, bool may)
        => Assert.Equal(may, LeadingDirections.MayPay(dimensions, queries));

    [Fact]
    public void What_did_not_pay_is_tried_again_when_rows_and_queries_may_be_others()
    {
        // The same rows, asked by queries that lie where rows have much of their length, after some that do not.
        SearchProblem along = SearchProblem.Create(new Random(1), VectorKind.Concentrated, 9_001, 384, 301, 7, restricted: false);
        SearchProblem across = SearchProblem.Create(new Random(1), VectorKind.Unit, 1, 384, 301, 7, restricted: false);
        ExactIndex index = new([along.Rows], [], new ExactIndexOptions { MaxThreads = 1 }, ScanKernels.Best, productsWorthDirections: 0);
        SearchHit[] hits = new SearchHit[7 * 301];
        string[] kernels = [.. new[] { across, along, along, along }.Select(asked => index.SearchBatch(asked.Queries, 7, hits).Kernel[^3..])];
        Assert.Equal(["i16", "i16", "pca", "pca"], kernels);
    }

    // Every row, and every other one: all that directions are tried on, and none of those that they are found in.
    [Theory]
    [InlineData(float.NaN, 0, 1)]
    [InlineData(float.NaN, 1, 2)]
    [InlineData(float.NegativeInfinity, 1, 2)]
    [InlineData(3e38f, 0, 1)]
    [InlineData(3e38f, 1, 2)]
    public void Rows_that_were_not_checked_are_refused_wherever_they_stand(float value, int first, int step)
    {
        const int Rows = 2_048;
        SearchProblem problem = SearchProblem.Create(new Random(5), VectorKind.Concentrated, Rows, 384, 301, 7, restricted: false);
        float[] rows = problem.Rows.Values.ToArray();
        for (int row = first; row < Rows; row += step)
        {
            rows.AsSpan((row * 384) + 70, 9).Fill(value);
            rows[(row * 384) + 75] = -value;
        }

        ExactIndex index = new(
            [EmbeddingMatrix.Copy(rows, 384)], [], new ExactIndexOptions { CheckRows = false, MaxThreads = 2 }, ScanKernels.Best, productsWorthDirections: 0);
        EmbeddingMatrix queries = EmbeddingMatrix.Copy([.. problem.Queries.Values.ToArray().Select(component => 9_000 * component)], 384);
        Assert.Throws<InvalidEmbeddingException>(() => index.SearchBatch(queries, 7, new SearchHit[7 * 301]));
    }

    [Fact]
    public void A_row_that_was_not_checked_is_refused_by_name()
    {
        SearchProblem problem = SearchProblem.Create(new Random(5), VectorKind.Concentrated, 4_001, 384, 301, 7, restricted: false);
        float[] rows = problem.Rows.Values.ToArray();
        rows[(1_234 * 384) + 77] = float.NaN;
        ExactIndex index = new(
            [EmbeddingMatrix.Copy(rows, 384)], [], new ExactIndexOptions { CheckRows = false, MaxThreads = 1 }, ScanKernels.Best, productsWorthDirections: 0);
        SearchHit[] hits = new SearchHit[7 * 301];
        Assert.Contains(
            "1234", Assert.Throws<InvalidEmbeddingException>(() => index.SearchBatch(problem.Queries, 7, hits)).Message, StringComparison.Ordinal);
    }

    private static double Product(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double product = 0;
        for (int d = 0; d < left.Length; d++)
        {
            product += (double)left[d] * right[d];
        }

        return product;
    }

    private static SearchHit[] Find(SearchProblem problem, InstructionSet instructions, SearchPrecision precision, int threads, out string kernel)
    {
        int dimensions = problem.Rows.Dimensions, middle = problem.Rows.Rows / 3;
        EmbeddingMatrix[] blocks =
        [
            EmbeddingMatrix.Copy(problem.Rows.Values[..(middle * dimensions)], dimensions),
            EmbeddingMatrix.Copy([], dimensions),
            EmbeddingMatrix.Copy(problem.Rows.Values[(middle * dimensions)..], dimensions),
        ];
        ExactIndex index = new(
            blocks, [], new ExactIndexOptions { Precision = precision, MaxThreads = threads }, ScanKernels.For(instructions), productsWorthDirections: 0);
        SearchHit[] hits = new SearchHit[problem.K * problem.Queries.Rows];
        kernel = index.SearchBatch(problem.Queries, problem.K, hits, problem.Scope).Kernel;
        return hits;
    }
}
