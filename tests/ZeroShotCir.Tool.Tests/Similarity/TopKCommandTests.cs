using System.Runtime.InteropServices;
using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Similarity;

public sealed class TopKCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("f32", "1", "1")]
    [InlineData("f32", "2", "64")]
    [InlineData("i8", "1", "1")]
    [InlineData("i8", "2", "64")]
    public async Task Vectors_in_raw_files_are_ranked_as_brute_force_in_double_ranks_them(string precision, string threads, string batch)
    {
        const int Rows = 3_001, Queries = 64, Dimensions = 33, K = 7;
        Random random = new(1);
        // Integers: every sum is exact, and ties abound.
        float[] rows = [.. Enumerable.Range(0, Rows * Dimensions).Select(_ => (float)random.Next(-2, 3))];
        float[] queries = [.. Enumerable.Range(0, Queries * Dimensions).Select(_ => (float)random.Next(-2, 3))];

        ToolOutcome outcome = await RunAsync(
            rows, queries, "--dim", $"{Dimensions}", "-k", $"{K}", "--precision", precision, "--threads", threads, "--batch", batch, "--repeat", "2");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(
            ["vectors", "dimensions", "k", "threads", "precision", "kernel", "load_seconds", "seconds", "rescored", "ordinals", "scores"],
            outcome.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(2, outcome.Json.GetProperty("seconds").GetArrayLength());
        Assert.Equal(precision == "f32" ? JsonValueKind.Null : JsonValueKind.Number, outcome.Json.GetProperty("rescored").ValueKind);
        JsonElement[] ordinals = [.. outcome.Json.GetProperty("ordinals").EnumerateArray()];
        JsonElement[] scores = [.. outcome.Json.GetProperty("scores").EnumerateArray()];
        Assert.Equal(Queries, ordinals.Length);
        for (int query = 0; query < Queries; query++)
        {
            (int Row, double Score)[] expected = [.. Enumerable.Range(0, Rows)
                .Select(row => (row, Enumerable.Range(0, Dimensions).Sum(d => (double)queries[(query * Dimensions) + d] * rows[(row * Dimensions) + d])))
                .OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.row).Take(K)];
            Assert.Equal(expected.Select(hit => hit.Row), ordinals[query].EnumerateArray().Select(o => o.GetInt32()));
            Assert.Equal(expected.Select(hit => hit.Score), scores[query].EnumerateArray().Select(s => s.GetDouble()));
        }
    }

    [Fact]
    public async Task Every_row_comes_back_where_k_is_larger_and_none_where_there_are_none()
    {
        ToolOutcome all = await RunAsync([1, 3, 2], [1], "--dim", "1", "-k", "1000");
        Assert.Equal([1, 2, 0], all.Json.GetProperty("ordinals")[0].EnumerateArray().Select(o => o.GetInt32()));

        ToolOutcome none = await RunAsync([], [1], "--dim", "1", "-k", "5");
        Assert.True(none.ExitCode == 0, none.Errors);
        Assert.Equal(0, none.Json.GetProperty("ordinals")[0].GetArrayLength());
    }

    [Fact]
    public async Task Files_that_are_no_vectors_are_refused_in_one_line()
    {
        await AssertRefusedAsync("multiple of 8", [1, 2, 3], [1, 2], "--dim", "2");
        await AssertRefusedAsync("row 1", [1, 2, 3, float.NaN], [1, 2], "--dim", "2");
        await AssertRefusedAsync("query", [1, 2], [1, float.PositiveInfinity], "--dim", "2");
        await AssertRefusedAsync("--dim", [1, 2], [1, 2]);
        await AssertRefusedAsync("-k", [1, 2], [1, 2], "--dim", "2", "-k", "0");

        async Task AssertRefusedAsync(string expected, float[] rows, float[] queries, params string[] arguments)
        {
            ToolOutcome outcome = await RunAsync(rows, queries, arguments);
            Assert.NotEqual(0, outcome.ExitCode);
            Assert.Contains(expected, outcome.Errors, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
        }
    }

    private Task<ToolOutcome> RunAsync(float[] rows, float[] queries, params string[] arguments)
    {
        string rowFile = _folder.File("x.f32"), queryFile = _folder.File("q.f32");
        File.WriteAllBytes(rowFile, MemoryMarshal.AsBytes<float>(rows));
        File.WriteAllBytes(queryFile, MemoryMarshal.AsBytes<float>(queries));
        return ToolProcess.RunAsync(["topk", "--vectors", rowFile, "--queries", queryFile, .. arguments]);
    }
}
