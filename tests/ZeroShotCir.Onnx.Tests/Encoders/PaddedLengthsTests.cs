using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Encoders;

/// <summary>Texts are filled up to the context length only as far as a graph makes a difference of it.</summary>
public sealed class PaddedLengthsTests : IDisposable
{
    private const int Context = 77;

    /// <summary>On other processors nothing is known of single rows, and nothing tried.</summary>
    private static readonly int Shortest = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 8 : Context;

    private static readonly string TinyFashion = Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");
    private readonly TemporaryFolder _folder = new();

    public PaddedLengthsTests()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.WriteClipTokenizer(_folder.Path);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_text_has_the_same_row_however_far_it_is_filled_up()
    {
        OnnxModelFolder model = OnnxModelFolder.Open(TinyFashion);
        string[] texts = [.. Enumerable.Range(0, 70).Select(words => string.Join(' ', Enumerable.Range(0, words).Select(j => "red blue dress longer is"
            .Split(' ')[(words + (j * j)) % 5])))];
        using OnnxTextEncoder used = model.CreateTextEncoder();
        await EncodeUntilTriedAsync(used, texts);

        EmbeddingMatrix rows = await used.EncodeAsync(texts, Token);

        for (int i = 0; i < texts.Length; i++)
        {
            // A new encoder fills its first text up to the end.
            using OnnxTextEncoder first = model.CreateTextEncoder();
            Assert.Equal(await first.EncodeAsync(texts[i], Token), rows[i].ToArray());
        }

        Assert.Equal(Shortest, used.Lengths!.For([.. model.Tokenize(texts[5]).Ids.Take(model.Tokenize(texts[5]).Tokens)], Token));
        Assert.Equal(Context, used.Lengths.For([.. model.Tokenize(texts[^1]).Ids.Take(Context)], Token));
    }

    [Theory]
    [InlineData("the first id", true)]
    [InlineData("attention over all", false)]
    [InlineData("as many positions as the context has", false)]
    [InlineData("sums", false)]
    public async Task Only_what_does_not_look_at_the_filling_goes_without_it(string kind, bool isShort)
    {
        Kinds(kind).Save(_folder.File("text_model.onnx"));
        using OnnxTextEncoder texts = OnnxModelFolder.Open(_folder.Path).CreateTextEncoder();
        float[] before = await texts.EncodeAsync("a b c", Token);

        await EncodeUntilTriedAsync(texts, ["a", "a b c", "d e f"]);

        Assert.Equal(before, await texts.EncodeAsync("a b c", Token));
        Assert.Equal(isShort ? Shortest : Context, texts.Lengths!.For([1, 2, 3], Token));
    }

    [Fact]
    public async Task A_few_texts_are_not_worth_a_trial_and_one_that_was_canceled_is_made_later()
    {
        Assert.SkipUnless(Shortest < Context, "Nothing is tried on this processor.");
        Kinds("the first id").Save(_folder.File("text_model.onnx"));
        using OnnxTextEncoder texts = OnnxModelFolder.Open(_folder.Path).CreateTextEncoder();
        for (int i = 0; i < PaddedLengths.TextsBeforeTrial; i++)
        {
            await texts.EncodeAsync("a b", Token);
        }

        int[] ids = [1, 2, 3];
        Assert.ThrowsAny<OperationCanceledException>(() => texts.Lengths!.For(ids, new CancellationToken(canceled: true)));
        Assert.Equal(8, texts.Lengths!.For(ids, Token));
    }

    private static async Task EncodeUntilTriedAsync(OnnxTextEncoder encoder, string[] texts)
    {
        for (int i = 0; i <= PaddedLengths.TextsBeforeTrial; i++)
        {
            await encoder.EncodeAsync(texts, Token);
        }
    }

    private static OnnxGraph Kinds(string kind)
    {
        const int Width = 16;
        OnnxGraph graph = new OnnxGraph()
            .Input("input_ids", TensorElementType.Int64, "texts", "length").Output("text_embeds", TensorElementType.Float, "texts", Width)
            .RandomWeights("table", seed: 3, scale: 1, 16, Width)
            .RandomWeights("wide", seed: 4, scale: 0.2f, Width, Width)
            .RandomWeights("places", seed: 5, scale: 0.2f, Context, Width)
            .Integers("first", 0)
            .Integers("axis_1", 1)
            .Integers("row", 0, Width)
            .Node("Gather", ["table", "input_ids"], "rows", ("axis", 0L))
            .Node("MatMul", ["rows", "wide"], "hidden");
        graph = kind switch
        {
            "attention over all" => graph.Node("Transpose", ["hidden"], "channels", ("perm", new long[] { 0, 2, 1 }))
                .Node("MatMul", ["hidden", "channels"], "products").Node("Softmax", ["products"], "shares", ("axis", 2L)).Node("MatMul", ["shares", "hidden"], "mixed"),
            "as many positions as the context has" => graph.Node("Add", ["hidden", "places"], "mixed"),
            _ => graph.Node("Relu", ["hidden"], "mixed"),
        };
        return kind == "sums"
            ? graph.Node("ReduceSum", ["mixed", "axis_1"], "text_embeds", ("keepdims", 0L))
            : graph.Node("Gather", ["mixed", "first"], "token", ("axis", 1L)).Node("Reshape", ["token", "row"], "text_embeds");
    }
}
