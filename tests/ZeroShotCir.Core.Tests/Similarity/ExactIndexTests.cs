using ZeroShotCir.Embeddings;
using ZeroShotCir.Kernels;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Tests.Similarity;

public sealed class ExactIndexTests
{
    // Fewer for a processor that is emulated.
    private static readonly int SmallProblems
        = int.TryParse(Environment.GetEnvironmentVariable("ZEROSHOTCIR_SHAPES"), out int shapes) && shapes > 0 ? shapes : 234;

    private static readonly int[] Dimensions = [1, 2, 7, 15, 16, 17, 31, 33, 64, 100, 512, 513, 768, 1024];

    private static readonly InstructionSet[] Instructions = Enum.GetValues<InstructionSet>();

    // What an index may scan: rows, int8 codes, planes of four bits.
    private static readonly RowForm[] Forms = Enum.GetValues<RowForm>();

    [Fact]
    public void Every_kernel_thread_count_batch_and_precision_ranks_as_brute_force_in_double_and_scores_bit_for_bit_alike()
    {
        Random random = new(7);
        int searches = 0, near = 0;
        for (int i = 0; i < SmallProblems; i++)
        {
            VectorKind kind = (VectorKind)(i % 9);
            int dimensions = Dimensions[i % Dimensions.Length];
            int rows = i < 9 ? i : random.Next(1, 150_000 / (dimensions + 30));
            int k = i % 5 == 0 ? random.Next(1, 1001) : random.Next(1, 60);
            SearchProblem problem = SearchProblem.Create(random, kind, rows, dimensions, random.Next(1, 45), k, restricted: i % 3 == 2);
            SearchHit[][]? first = null;
            foreach (InstructionSet instructions in Instructions)
            {
                foreach (RowForm form in Forms)
                {
                    int threads = (searches % 2) + 1;
                    ExactIndex index = Index(problem, instructions, form, threads, blocks: (i % 4) + 1);
                    SearchHit[][] single = [.. Enumerable.Range(0, problem.Queries.Rows).Select(q => Single(index, problem, q))];
                    SearchHit[][] batch = Batch(index, problem);
                    first ??= single;
                    AssertSame(first, single, problem, $"{instructions}, {form}, {threads} threads, one by one");
                    AssertSame(first, batch, problem, $"{instructions}, {form}, {threads} threads, batch");
                    searches += 2 * problem.Queries.Rows;
                }
            }

            for (int query = 0; query < first!.Length; query++)
            {
                near += problem.Check(query, first[query]);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{SmallProblems} shapes, {searches} searches; {near} places held by a row that float32 cannot tell from double's.");
    }

    [Theory]
    [InlineData(VectorKind.Unit, 100_003, 64, 50)]
    [InlineData(VectorKind.Uncentred, 100_003, 100, 1000)]
    [InlineData(VectorKind.Integers, 100_003, 7, 1000)]
    [InlineData(VectorKind.Unit, 20_011, 768, 1)]
    [InlineData(VectorKind.NearDuplicates, 20_011, 513, 50)]
    public void Large_galleries_rank_as_brute_force_in_double(VectorKind kind, int rows, int dimensions, int k)
    {
        SearchProblem problem = SearchProblem.Create(new Random(rows + dimensions), kind, rows, dimensions, 40, k, restricted: false);
        SearchHit[][]? first = null;
        foreach (RowForm form in Forms)
        {
            foreach (int threads in new[] { 1, 2, 3 })
            {
                ExactIndex index = Index(problem, InstructionSetDetection.Best, form, threads, blocks: 3);
                SearchHit[][] single = [.. Enumerable.Range(0, 4).Select(q => Single(index, problem, q))];
                SearchHit[][] batch = Batch(index, problem);
                first ??= batch;
                AssertSame(first[..4], single, problem, $"{form}, {threads} threads, one by one");
                AssertSame(first, batch, problem, $"{form}, {threads} threads, batch");
            }
        }

        for (int query = 0; query < 4; query++)
        {
            problem.Check(query, first![query]);
        }
    }

    [Theory]
    [InlineData(VectorKind.Unit, 64)]
    [InlineData(VectorKind.Unit, 1_000)]
    [InlineData(VectorKind.Uncentred, 1_000)]
    [InlineData(VectorKind.NearDuplicates, 1_008)]
    [InlineData(VectorKind.Unit, 4_003)]
    public void Windows_of_planes_join_over_blocks(VectorKind kind, int windowRows)
    {
        // Windows end inside a block, at its end, and, where they are no multiple of a tile, within one; and the best rows are spread over them.
        SearchProblem problem = SearchProblem.Create(new Random(9), kind, 4_003, 48, 6, 40, restricted: false);
        SearchProblem few = SearchProblem.Create(new Random(9), kind, 4_003, 48, 6, 40, restricted: true);
        foreach (SearchProblem asked in new[] { problem, few })
        {
            ExactIndex full = Index(asked, InstructionSetDetection.Best, RowForm.Floats, 1, blocks: 2);
            foreach (int threads in new[] { 1, 3 })
            {
                ExactIndex planes = Index(asked, InstructionSetDetection.Best, RowForm.Planes, threads, blocks: 2, windowRows);
                for (int query = 0; query < asked.Queries.Rows; query++)
                {
                    SearchHit[] hits = Single(planes, asked, query);
                    Assert.Equal(Single(full, asked, query), hits);
                    asked.Check(query, hits);
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(513)]
    public void Equal_rows_score_alike_wherever_they_stand(int dimensions)
    {
        Random random = new(dimensions);
        SearchProblem problem = SearchProblem.Create(random, VectorKind.Constant, 1_003, dimensions, 41, 1_003, restricted: false);
        foreach (InstructionSet instructions in Instructions)
        {
            foreach (RowForm form in Forms)
            {
                ExactIndex index = Index(problem, instructions, form, 2, blocks: 3);
                Assert.Equal(Enumerable.Range(0, 1_003), Single(index, problem, 0).Select(h => h.Ordinal));
                SearchHit[][] batch = Batch(index, problem);
                foreach (SearchHit[] hits in batch)
                {
                    Assert.Equal(Enumerable.Range(0, 1_003), hits.Select(h => h.Ordinal));
                    Assert.Single(hits.Select(h => BitConverter.SingleToUInt32Bits(h.Score)).Distinct());
                }
            }
        }
    }

    [Theory]
    [InlineData(nameof(RowForm.Floats))]
    [InlineData(nameof(RowForm.Codes))]
    [InlineData(nameof(RowForm.Planes))]
    public void A_steady_state_allocates_nothing(string form)
    {
        SearchProblem problem = SearchProblem.Create(new Random(3), VectorKind.Unit, 9_001, 96, 48, 20, restricted: true);
        ExactIndex index = Index(problem, InstructionSetDetection.Best, Enum.Parse<RowForm>(form), 2, blocks: 2);
        SearchHit[] hits = new SearchHit[problem.Queries.Rows * problem.K];
        long allocated = 0;
        for (int round = 0; round < 6; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            index.Search(problem.Queries[round], hits.AsSpan(0, problem.K), problem.Scope);
            index.SearchBatch(problem.Queries, problem.K, hits, problem.Scope);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task Concurrent_callers_get_what_they_would_get_alone()
    {
        SearchProblem problem = SearchProblem.Create(new Random(5), VectorKind.Unit, 20_000, 64, 40, 30, restricted: false);
        ExactIndex index = Index(problem, InstructionSetDetection.Best, RowForm.Planes, 3, blocks: 2);
        SearchHit[][] alone = [.. Enumerable.Range(0, problem.Queries.Rows).Select(q => Single(index, problem, q))];

        await Task.WhenAll(Enumerable.Range(0, 12).Select(caller => Task.Run(
            () =>
            {
                for (int round = 0; round < 20; round++)
                {
                    int query = (caller + (round * 7)) % problem.Queries.Rows;
                    Assert.Equal(alone[query], Single(index, problem, query));
                    if (round % 5 == 0)
                    {
                        AssertSame(alone, Batch(index, problem), problem, "concurrent batch");
                    }
                }
            },
            TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void A_certified_scan_scores_only_what_its_bound_cannot_rule_out()
    {
        SearchProblem problem = SearchProblem.Create(new Random(11), VectorKind.Uncentred, 20_000, 512, 40, 50, restricted: false);
        ExactIndex index = Index(problem, InstructionSetDetection.Best, RowForm.Codes, 1, blocks: 1);
        SearchHit[] hits = new SearchHit[problem.K * problem.Queries.Rows];

        SearchStatistics single = index.Search(problem.Queries[0], hits.AsSpan(0, problem.K));
        Assert.EndsWith("-i8", single.Kernel, StringComparison.Ordinal);
        Assert.InRange(single.Rescored!.Value, problem.K, 2_000);

        SearchStatistics batch = index.SearchBatch(problem.Queries, problem.K, hits);
        Assert.EndsWith("-i16", batch.Kernel, StringComparison.Ordinal);
        Assert.InRange(batch.Rescored!.Value, problem.K * problem.Queries.Rows, 4 * problem.K * problem.Queries.Rows);
    }

    [Fact]
    public void A_query_finds_nothing_where_nothing_is_in_scope()
    {
        SearchProblem empty = SearchProblem.Create(new Random(1), VectorKind.Unit, 0, 8, 40, 5, restricted: false);
        SearchProblem closed = SearchProblem.Create(new Random(1), VectorKind.Unit, 3, 8, 40, 5, restricted: false);
        SearchScope nothing = new(default, new ulong[1]);
        foreach (RowForm form in Forms)
        {
            ExactIndex none = Index(empty, InstructionSetDetection.Best, form, 1, blocks: 1);
            Assert.Empty(Single(none, empty, 0));
            Assert.All(Batch(none, empty), Assert.Empty);
            ExactIndex some = Index(closed, InstructionSetDetection.Best, form, 1, blocks: 1);
            Assert.Equal(0, some.Search(closed.Queries[0], new SearchHit[5], nothing).Found);
            Assert.Equal(0, some.SearchBatch(closed.Queries, 5, new SearchHit[200], nothing).Found);
        }
    }

    [Fact]
    public void Wrong_questions_are_refused_by_name()
    {
        SearchProblem problem = SearchProblem.Create(new Random(1), VectorKind.Unit, 10, 8, 2, 5, restricted: false);
        ExactIndex index = new(problem.Rows);
        SearchHit[] hits = new SearchHit[10];

        Assert.Throws<InvalidEmbeddingException>(() => index.Search(new float[7], hits));
        Assert.Throws<InvalidEmbeddingException>(() => index.Search([1, 2, float.NaN, 4, 5, 6, 7, 8], hits));
        Assert.Throws<InvalidEmbeddingException>(() => index.SearchBatch(EmbeddingMatrix.Copy([1, 2, 3, 4, 5, 6, 7, float.PositiveInfinity], 8), 5, hits));
        Assert.Throws<ArgumentException>(() => index.Search(problem.Queries[0], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.SearchBatch(problem.Queries, 0, hits));
        Assert.Throws<ArgumentException>(() => index.SearchBatch(problem.Queries, 6, hits));
        Assert.Throws<ArgumentException>(() => index.Search(problem.Queries[0], hits, new SearchScope(new[] { 10 })));
        Assert.Throws<ArgumentException>(() => index.Search(problem.Queries[0], hits, new SearchScope(new[] { -1 })));
        Assert.Throws<ArgumentException>(() => index.Search(problem.Queries[0], hits, new SearchScope(default, new ulong[2])));
        Assert.Throws<InvalidEmbeddingException>(() => new ExactIndex([problem.Rows, EmbeddingMatrix.Copy([1f], 1)]));
        Assert.Throws<InvalidEmbeddingException>(() => new ExactIndex(EmbeddingMatrix.Copy([1f, float.NaN], 2)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(3e38f)]
    public void A_row_that_was_not_checked_is_refused_when_a_search_meets_it(float value)
    {
        float[] rows = new float[600];
        rows.AsSpan().Fill(1);
        rows[432] = value;
        ExactIndex index = new(EmbeddingMatrix.Copy(rows, 6), new ExactIndexOptions { CheckRows = false, Precision = SearchPrecision.Full });
        SearchHit[] hits = new SearchHit[500];
        EmbeddingMatrix queries = EmbeddingMatrix.Copy([.. Enumerable.Repeat(3f, 300)], 6);

        Assert.Contains("72", Assert.Throws<InvalidEmbeddingException>(() => index.Search(queries[0], hits.AsSpan(0, 10))).Message, StringComparison.Ordinal);
        Assert.Contains("72", Assert.Throws<InvalidEmbeddingException>(() => index.SearchBatch(queries, 10, hits)).Message, StringComparison.Ordinal);
    }

    private static ExactIndex Index(SearchProblem problem, InstructionSet instructions, RowForm form, int threads, int blocks, int windowRows = Search.DefaultWindowRows)
    {
        EmbeddingMatrix[] parts = new EmbeddingMatrix[blocks];
        int dimensions = problem.Rows.Dimensions, start = 0;
        for (int i = 0; i < blocks; i++)
        {
            int end = i == blocks - 1 ? problem.Rows.Rows : problem.Rows.Rows * (i + 1) / (blocks + 1);
            parts[i] = EmbeddingMatrix.Copy(problem.Rows.Values.Slice(start * dimensions, (end - start) * dimensions), dimensions);
            start = end;
        }

        CompressedRows?[] copies = [.. parts.Select((part, i) => form == RowForm.Floats ? null
            : form == RowForm.Planes && (blocks < 4 || i > 0) && CodePlanes.TryCompress(part) is { } planes ? CompressedRows.FromPlanes(planes)
            : CompressedRows.FromCodes(QuantizedMatrix.Quantize(part)))];
        SearchPrecision precision = form == RowForm.Floats ? SearchPrecision.Full : SearchPrecision.Certified;
        return new ExactIndex(parts, copies, new ExactIndexOptions { Precision = precision, MaxThreads = threads }, ScanKernels.For(instructions), windowRows);
    }

    private static SearchHit[] Single(ExactIndex index, SearchProblem problem, int query)
    {
        SearchHit[] hits = new SearchHit[problem.K];
        return hits[..index.Search(problem.Queries[query], hits, problem.Scope).Found];
    }

    private static SearchHit[][] Batch(ExactIndex index, SearchProblem problem)
    {
        SearchHit[] hits = new SearchHit[problem.K * problem.Queries.Rows];
        int found = index.SearchBatch(problem.Queries, problem.K, hits, problem.Scope).Found;
        return [.. Enumerable.Range(0, problem.Queries.Rows).Select(q => hits.AsSpan(q * problem.K, found).ToArray())];
    }

    private static void AssertSame(SearchHit[][] expected, SearchHit[][] actual, SearchProblem problem, string how)
    {
        for (int query = 0; query < expected.Length; query++)
        {
            bool same = expected[query].AsSpan().SequenceEqual(actual[query]);
            Assert.True(same, $"{problem}: query {query} differs for {how}.");
        }
    }

    private enum RowForm
    {
        Floats,
        Codes,
        Planes,
    }
}
