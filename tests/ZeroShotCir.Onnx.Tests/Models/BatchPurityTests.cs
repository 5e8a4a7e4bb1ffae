using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Errors;
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
