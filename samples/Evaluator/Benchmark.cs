using ZeroShotCir.Captions;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;

namespace Evaluator;

/// <summary>A benchmark, measured by its protocol: both halves of a query alone, fused, and with captions.</summary>
public static class Benchmark
{
    public static EvaluationSetting Fused { get; } = new() { Alpha = 0.7, Beta = 0.1 };

    /// <summary>Encodes and measures a data set in its official layout.</summary>
    public static async Task<MeasuredSettings> MeasureAsync(OnnxModelFolder model, string dataset, string root)
    {
        SkiaImageDecoder decoder = new();
        using var images = model.CreateImageEncoder(decoder);
        using var texts = model.CreateTextEncoder();
        using var captionTexts = model.CreateTextEncoder(EncodingRole.Document);
        FeatureEncoder encoder = new(images, texts, new() { Decoder = decoder, DecodeOptions = model.Options.DecodeOptions, CaptionEncoder = captionTexts });
        var captions = CaptionFile.Read(Path.Combine(root, "gallery_captions.json"));
        List<EvaluationRunner> runners = [];
        foreach (EvaluationDataset category in DatasetReader.Read(dataset, root))
        {
            EncodedDataset encoded = await encoder.EncodeAsync(category, DatasetRecipe.DefaultOf(dataset), captions);
            runners.Add(new EvaluationRunner(category, encoded.Features));
        }

        return MeasuredSettings.Measure(dataset == "cirr" ? "CIRR layout" : "FashionIQ layout", runners,
        [
            new NamedSetting("image only", new EvaluationSetting { Alpha = 0, Beta = 0 }),
            new NamedSetting("text only", new EvaluationSetting { Alpha = 1, Beta = 0 }),
            new NamedSetting("fused", Fused with { Beta = 0 }),
            new NamedSetting("fused + captions", Fused),
        ]);
    }

    /// <summary>The whole grid of α and β, averaged over categories.</summary>
    public static IReadOnlyList<EvaluationResult> SweepOf(MeasuredSettings measured)
    {
        var grid = Sweep.Grid(Fused, Sweep.ParseRange("0:1:0.05"), Sweep.ParseRange("0:1:0.05"));
        IReadOnlyList<EvaluationResult>[] categories = [.. measured.Runners.Select(runner => runner.Evaluate(grid))];
        return categories is [var only] ? only : [.. grid.Select((_, i) => EvaluationResult.Average([.. categories.Select(results => results[i])]))];
    }
}
