using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Models;

/// <summary>Graphs whose rows depend on the batch, and inputs that fix how many items or ids a run takes.</summary>
public sealed class BatchPurityTests : IDisposable
{
    private static readonly string[] Texts = ["a", "a b c d e f g h", "h h h h h h h h h h h h", "b c"];
    private readonly TemporaryFolder _folder = new();

    public BatchPurityTests()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.WriteClipTokenizer(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_graph_that_quantises_by_the_range_of_its_batch_gets_one_item_at_a_time()
    {
        Quantised().Save(_folder.File("text_model.onnx"));
        using OnnxTextEncoder texts = OnnxModelFolder.Open(_folder.Path).CreateTextEncoder();

        EmbeddingMatrix together = await texts.EncodeAsync(Texts, TestContext.Current.CancellationToken);

        for (int i = 0; i < Texts.Length; i++)
        {
            Assert.Equal(await texts.EncodeAsync(Texts[i], TestContext.Current.CancellationToken), together[i].ToArray());
        }
    }

    /// <summary>
    /// ONNX Runtime adds rows up in another order where there are several, multiplies a single row by four-bit weights with other code, and divides
    /// convolutions of one picture otherwise; for all else the number of rows makes no difference, and none may be computed for nothing.
    /// </summary>
    [Theory]
    [InlineData("mean", 1, 1)]
    [InlineData("mean by an input", 1, 1)]
    [InlineData("mean of what is transposed", 1, 1)]
    [InlineData("mean of each row", null, 1)]
    [InlineData("weights that are cut out by a size", null, 2)]
    [InlineData("products", null, 1)]
    [InlineData("attention", null, 1)]
    [InlineData("overlapping convolution", null, 2)]
    [InlineData("patches", null, 1)]
    public async Task A_text_has_the_same_row_alone_and_in_any_company(string kind, int? rowsPerRun, int fewestRows)
    {
        Kinds(kind).Save(_folder.File("text_model.onnx"));
        string[] long40 = [.. Enumerable.Range(0, 40).Select(i => string.Join(' ', Enumerable.Range(0, 11).Select(j => "abcdefgh"[(i + (j * j)) % 8])))];

        // By default so small a graph has one thread, and several runs at once.
        foreach (int threads in (int[])[0, 2])
        {
            OnnxModelOptions options = new() { Execution = new OnnxExecutionOptions { Threads = threads } };
            using OnnxTextEncoder texts = OnnxModelFolder.Open(_folder.Path, options).CreateTextEncoder();

            EmbeddingMatrix together = await texts.EncodeAsync(long40, TestContext.Current.CancellationToken);

            for (int i = 0; i < long40.Length; i++)
            {
                Assert.Equal(await texts.EncodeAsync(long40[i], TestContext.Current.CancellationToken), together[i].ToArray());
            }

            EmbeddingMatrix few = await texts.EncodeAsync(long40[..3], TestContext.Current.CancellationToken);
            Assert.Equal(together[2].ToArray(), few[2].ToArray());
            Assert.Equal(rowsPerRun, texts.Runner.RowsPerRun);
            Assert.Equal(RuntimeInformation.ProcessArchitecture == Architecture.X64 || rowsPerRun == 1 ? fewestRows : 2, texts.Runner.FewestRows);
            Assert.Equal(threads == 0 ? Environment.ProcessorCount : 1, texts.Runner.RunsAtOnce);
        }
    }

    [Fact]
    public async Task What_goes_wrong_in_runs_beside_each_other_is_told_as_of_one()
    {
        new OnnxGraph().Input("input_ids", TensorElementType.Int64, "texts", "length").Output("text_embeds", TensorElementType.Float, "texts", 3)
            .RandomWeights("table", seed: 3, scale: 1, 16, 3)
            .RandomWeights("places", seed: 4, scale: 1, 5, 3)
            .Integers("axis_1", 1)
            .Node("Gather", ["table", "input_ids"], "rows", ("axis", 0L))
            .Node("Add", ["rows", "places"], "too_few")
            .Node("ReduceSum", ["too_few", "axis_1"], "text_embeds", ("keepdims", 0L)).Save(_folder.File("text_model.onnx"));
        using OnnxTextEncoder texts = OnnxModelFolder.Open(_folder.Path).CreateTextEncoder();

        Assert.True(texts.Runner.RunsFor(Texts.Length) > 1);
        await Assert.ThrowsAsync<InvalidModelException>(async () => await texts.EncodeAsync(Texts, TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await texts.EncodeAsync(Texts, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task It_gets_several_where_that_is_asked_for_and_its_identity_says_so()
    {
        Quantised().Save(_folder.File("text_model.onnx"));
        OnnxModelFolder one = OnnxModelFolder.Open(_folder.Path);
        OnnxModelFolder several = OnnxModelFolder.Open(_folder.Path, new OnnxModelOptions { AllowBatchDependentRows = true });
        using OnnxTextEncoder texts = several.CreateTextEncoder();

        EmbeddingMatrix together = await texts.EncodeAsync(Texts, TestContext.Current.CancellationToken);

        Assert.NotEqual(await texts.EncodeAsync(Texts[0], TestContext.Current.CancellationToken), together[0].ToArray());
        Assert.NotEqual(one.ModelId, several.ModelId);
        Assert.NotEqual(several.ModelId, OnnxModelFolder.Open(_folder.Path, new OnnxModelOptions { AllowBatchDependentRows = true, BatchSize = 8 }).ModelId);
        Assert.Equal(one.ModelId, OnnxModelFolder.Open(_folder.Path, new OnnxModelOptions { BatchSize = 8 }).ModelId);
    }

    [Fact]
    public void An_inspection_tells_of_it()
    {
        Quantised().Save(_folder.File("text_model.onnx"));
        IReadOnlyList<string> notes = OnnxModelFolder.Open(_folder.Path).Inspect().Notes;

        Assert.Contains(notes, note => note.Contains("DynamicQuantizeLinear", StringComparison.Ordinal) && note.Contains("one at a time", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.Contains("VNNI", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Positions_for_one_text_are_taken_text_by_text()
    {
        WithPositions(1, "length").Save(_folder.File("text_model.onnx"));
        using OnnxTextEncoder texts = OnnxModelFolder.Open(_folder.Path).CreateTextEncoder();

        EmbeddingMatrix rows = await texts.EncodeAsync(Texts, TestContext.Current.CancellationToken);

        for (int i = 0; i < Texts.Length; i++)
        {
            Assert.Equal(await texts.EncodeAsync(Texts[i], TestContext.Current.CancellationToken), rows[i].ToArray());
        }
    }

    [Fact]
    public void A_length_that_only_another_input_fixes_is_the_context_length()
    {
        WithPositions("batch", 12).Save(_folder.File("text_model.onnx"));

        Assert.Equal(12, OnnxModelFolder.Open(_folder.Path).Tokenize("a b").Ids.Count);
    }

    [Fact]
    public void Inputs_that_fix_different_sizes_are_refused()
    {
        WithPositions(1, 12).Input("attention_mask", TensorElementType.Int64, 1, 13).Save(_folder.File("text_model.onnx"));

        string message = Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path)).Message;
        Assert.Contains("position_ids", message, StringComparison.Ordinal);
        Assert.Contains("attention_mask", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_graph_that_gives_other_rows_than_it_takes_is_refused()
    {
        new OnnxGraph().Input("input_ids", TensorElementType.Int64, "texts", "length").Output("text_embeds", TensorElementType.Float, "rows", 3)
            .Weights("table", [16, 3], [.. Enumerable.Range(0, 48).Select(i => (float)i)])
            .Integers("shape", -1, 3)
            .Node("Gather", ["table", "input_ids"], "found", ("axis", 0L))
            .Node("Reshape", ["found", "shape"], "text_embeds").Save(_folder.File("text_model.onnx"));

        InvalidModelException error = await Assert.ThrowsAsync<InvalidModelException>(async () =>
        {
            using OnnxTextEncoder texts = OnnxModelFolder.Open(_folder.Path).CreateTextEncoder();
            await texts.EncodeAsync("a b", TestContext.Current.CancellationToken);
        });
        Assert.Contains("text_model.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_was_exported_for_its_example_only_is_refused()
    {
        new OnnxGraph().Input("input_ids", TensorElementType.Int64, "texts", "length").Output("text_embeds", TensorElementType.Float, "texts", 3)
            .Weights("table", [2, 3], [1, 2, 3, 4, 5, 6])
            .Integers("some", 0, 1)
            .Integers("axis_1", 1)
            .Node("Cast", ["input_ids"], "unused", ("to", (long)TensorElementType.Float))
            .Node("Gather", ["table", "some"], "text_embeds", ("axis", 0L)).Save(_folder.File("text_model.onnx"));

        Assert.Contains("example", Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path).CreateTextEncoder()).Message, StringComparison.Ordinal);
    }

    /// <summary>The rows of the ids, 64 wide, through what is asked for to rows of 48.</summary>
    private static OnnxGraph Kinds(string kind)
    {
        const int Width = 64;
        OnnxGraph graph = new OnnxGraph()
            .Input("input_ids", TensorElementType.Int64, "texts", "length").Output("text_embeds", TensorElementType.Float, "texts", 48)
            .RandomWeights("table", seed: 3, scale: 1, 16, Width)
            .RandomWeights("wide", seed: 4, scale: 0.2f, Width, Width)
            .RandomWeights("project", seed: 5, scale: 0.2f, Width, 48)
            .RandomWeights("filter", seed: 6, scale: 0.2f, 48, Width, 3)
            .RandomWeights("both", seed: 7, scale: 0.2f, 2 * Width, Width)
            .Integers("first", 0)
            .Integers("two", 2)
            .Integers("axis_1", 1)
            .Integers("row", 0, Width)
            .Integers("row_48", 0, 48)
            .Node("Gather", ["table", "input_ids"], "rows", ("axis", 0L))
            .Node("MatMul", ["rows", "wide"], "hidden")
            .Node("Transpose", ["hidden"], "channels", ("perm", new long[] { 0, 2, 1 }));
        graph = kind switch
        {
            "mean" => graph.Node("ReduceMean", ["hidden"], "pooled", ("axes", new long[] { 1 }), ("keepdims", 0L)),
            "mean by an input" => graph.Node("ReduceSum", ["hidden", "axis_1"], "pooled", ("keepdims", 0L)),
            "mean of what is transposed" => graph.Node("ReduceMean", ["channels"], "pooled", ("axes", new long[] { -1 }), ("keepdims", 0L)),
            "mean of each row" => graph.Node("ReduceMean", ["hidden"], "means", ("axes", new long[] { -1 })).Node("Sub", ["hidden", "means"], "centered")
                .Node("Gather", ["centered", "first"], "token", ("axis", 1L)).Node("Reshape", ["token", "row"], "pooled"),
            "weights that are cut out by a size" => graph.Node("Shape", ["hidden"], "sizes").Node("Gather", ["sizes", "two"], "width", ("axis", 0L))
                .Node("Slice", ["both", "first", "width", "first"], "cut").Node("Gather", ["hidden", "first"], "token", ("axis", 1L))
                .Node("Reshape", ["token", "row"], "vector").Node("MatMul", ["vector", "cut"], "pooled"),
            "products" => graph.Node("Gather", ["hidden", "first"], "token", ("axis", 1L)).Node("Reshape", ["token", "row"], "pooled"),
            "attention" => graph.Node("MatMul", ["hidden", "channels"], "products").Node("Softmax", ["products"], "shares", ("axis", 2L))
                .Node("MatMul", ["shares", "hidden"], "mixed").Node("Gather", ["mixed", "first"], "token", ("axis", 1L)).Node("Reshape", ["token", "row"], "pooled"),
            _ => graph,
        };
        if (kind is "overlapping convolution" or "patches")
        {
            long step = kind == "patches" ? 3 : 1;
            return graph.Node("Conv", ["channels", "filter"], "filtered", ("kernel_shape", new long[] { 3 }), ("strides", new long[] { step }))
                .Node("Gather", ["filtered", "first"], "token", ("axis", 2L)).Node("Reshape", ["token", "row_48"], "text_embeds");
        }

        return graph.Node("MatMul", ["pooled", "project"], "text_embeds");
    }

    /// <summary>The rows of the ids, summed up, quantised by the range of all of them and back.</summary>
    private static OnnxGraph Quantised() => new OnnxGraph()
        .Input("input_ids", TensorElementType.Int64, "texts", "length").Output("text_embeds", TensorElementType.Float, "texts", 3)
        .RandomWeights("table", seed: 3, scale: 1, 16, 3)
        .Integers("axis_1", 1)
        .Node("Gather", ["table", "input_ids"], "rows", ("axis", 0L))
        .Node("ReduceSum", ["rows", "axis_1"], "sums", ("keepdims", 0L))
        .Node("DynamicQuantizeLinear", ["sums"], ["bytes", "scale", "zero"])
        .Node("DequantizeLinear", ["bytes", "scale", "zero"], "text_embeds");

    private static OnnxGraph WithPositions(object batch, object length) => new OnnxGraph()
        .Input("input_ids", TensorElementType.Int64, "texts", "length")
        .Input("position_ids", TensorElementType.Int64, batch, length)
        .Output("text_embeds", TensorElementType.Float, "texts", 3)
        .RandomWeights("table", seed: 3, scale: 1, 16, 3)
        .RandomWeights("places", seed: 4, scale: 1, 80, 3)
        .Integers("axis_1", 1)
        .Node("Gather", ["table", "input_ids"], "rows", ("axis", 0L))
        .Node("Gather", ["places", "position_ids"], "where", ("axis", 0L))
        .Node("Mul", ["rows", "where"], "product")
        .Node("ReduceSum", ["product", "axis_1"], "text_embeds", ("keepdims", 0L));
}
