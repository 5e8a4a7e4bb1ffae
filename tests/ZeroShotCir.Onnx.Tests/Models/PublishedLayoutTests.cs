using System.Text;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Tests.Graphs;
using ZeroShotCir.Tests.Tokenizers;

namespace ZeroShotCir.Tests.Models;

/// <summary>
/// Folders laid out as families publish them, with tiny graphs and vocabularies. Expected ids come from the reference (see
/// <see cref="ReferenceTokenizer"/>), expected embeddings from what <see cref="TinyModel"/> computes.
/// </summary>
public sealed class PublishedLayoutTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>A graph's sum over a plane of 384 × 384 numbers in float32 is that far off.</summary>
    private const double PlaneTolerance = 2e-4;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. PublishedLayout.All.Select(layout => layout.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_published_layout_is_encoded_as_its_family_wants(string name)
    {
        PublishedLayout layout = PublishedLayout.All.Single(layout => layout.Name == name);
        ReferenceTokenizer reference = Write(layout);
        OnnxModelFolder model = OnnxModelFolder.Open(_folder.Path);
        using OnnxImageEncoder images = model.CreateImageEncoder(new PaletteDecoder());
        using OnnxTextEncoder texts = model.CreateTextEncoder();

        Assert.Equal(layout.Family, model.Inspect().Family);
        Assert.Equal(layout.TokenizerKind, model.Inspect().Tokenizer!.Kind);
        Assert.Equal(new EncoderInfo(model.ModelId, layout.Dimensions, layout.IsJoint) { Reading = new ImageReading { Decoder = "palette" } }, images.Info);
        Assert.Equal(images.Info with { Reading = null }, texts.Info);
        Assert.Equal(
            (layout.Resize, layout.Filter, (ImageSize?)ImageSize.Square(layout.Edge)), (model.Preprocessing!.Resize, model.Preprocessing.Filter, model.Preprocessing.OutputSize));

        CheckImage(layout, await images.EncodeAsync(new ImageData(new byte[] { 40 }, "image/x"), TestContext.Current.CancellationToken));
        (string Text, int[] Ids)[] cases = [.. reference.Cases.Where(
            item => !layout.ReadsLowerCase || !item.Text.EnumerateRunes().Any(rune => Rune.IsUpper(rune) || Rune.ToLowerInvariant(rune) != rune))];
        Assert.InRange(cases.Length, 100, reference.Cases.Count);
        EmbeddingMatrix actual = await texts.EncodeAsync([.. cases.Select(item => item.Text)], TestContext.Current.CancellationToken);
        foreach ((int index, (string text, int[] ids)) in cases.Index())
        {
            int[] tokens = layout.PaddedLength is { } most && ids.Length > most ? [.. ids[..(most - 1)], ids[^1]] : ids;
            int[] fed = [.. tokens, .. Enumerable.Repeat(layout.PadId, (layout.PaddedLength ?? tokens.Length) - tokens.Length)];
            Assert.Equal(fed, model.Tokenize(text).Ids);
            Assert.Equal(ids.Length > tokens.Length, model.Tokenize(text).IsTruncated);
            if (layout.ReadsLowerCase && Ascii.IsValid(text))
            {
                Assert.Equal(fed, model.Tokenize(text.ToUpperInvariant()).Ids);
            }

            int[] counted = layout.Mask is null ? fed : tokens;
            CheckDirection(layout, d => counted.Sum(id => (double)TinyModel.Row(id, d)), actual[index], 1e-5);
        }

        output.WriteLine($"{name}: {cases.Length} texts, ids equal, embeddings of {layout.Dimensions} components.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_vocabulary_that_the_graph_does_not_know_is_refused(string name)
    {
        PublishedLayout layout = PublishedLayout.All.Single(layout => layout.Name == name);
        int size = Write(layout, missingRows: 1).Tokens.Length;

        string message = Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path)).Message;
        Assert.Contains($"{size} ids", message, StringComparison.Ordinal);
        Assert.Contains($"knows {size - 1}", message, StringComparison.Ordinal);
    }

    private ReferenceTokenizer Write(PublishedLayout layout, int missingRows = 0)
    {
        ReferenceTokenizer reference = ReferenceTokenizer.Read(layout.Tokenizer);
        File.WriteAllText(_folder.File("config.json"), layout.Config);
        File.WriteAllText(_folder.File("preprocessor_config.json"), layout.Preprocessing);
        File.WriteAllText(_folder.File("tokenizer_config.json"), layout.TokenizerConfig);
        if (layout.TokenizerFile == "vocab.txt")
        {
            File.WriteAllLines(_folder.File("vocab.txt"), reference.Tokens);
        }
        else
        {
            reference.SaveJson(_folder.File(layout.TokenizerFile));
        }

        int rows = reference.Tokens.Length - missingRows;
        if (layout.IsJoint)
        {
            TinyModel.JointWithLengths(rows, layout.Edge, layout.Dimensions).Save(_folder.File("onnx", "model.onnx"));
            return reference;
        }

        TinyModel.Image(output: layout.ImageOutput, edge: layout.Edge, dimensions: layout.Dimensions).Save(_folder.File("onnx", "vision_model.onnx"));
        TinyModel.Text(output: layout.TextOutput, mask: layout.Mask, vocabulary: rows, dimensions: layout.Dimensions).Save(_folder.File("onnx", "text_model.onnx"));
        return reference;
    }

    private static void CheckImage(PublishedLayout layout, float[] actual)
    {
        double[] mean = [layout.Mean.Red, layout.Mean.Green, layout.Mean.Blue];
        double[] std = [layout.Std.Red, layout.Std.Green, layout.Std.Blue];
        CheckDirection(layout, d => ((40 * ((d % 3) + 1) / 255.0) - mean[d % 3]) / std[d % 3], actual, PlaneTolerance);
    }

    /// <summary>Compares with an embedding that is given by its components, at unit length where the family writes that.</summary>
    private static void CheckDirection(PublishedLayout layout, Func<int, double> component, ReadOnlySpan<float> actual, double tolerance)
    {
        double[] expected = [.. Enumerable.Range(0, layout.Dimensions).Select(component)];
        double length = layout.IsJoint ? Math.Sqrt(expected.Sum(value => value * value)) : 1;
        double error = tolerance * Math.Max(1, expected.Max(Math.Abs) / length);
        Assert.Equal(layout.Dimensions, actual.Length);
        for (int d = 0; d < actual.Length; d++)
        {
            Assert.InRange(actual[d], (expected[d] / length) - error, (expected[d] / length) + error);
        }
    }
}
