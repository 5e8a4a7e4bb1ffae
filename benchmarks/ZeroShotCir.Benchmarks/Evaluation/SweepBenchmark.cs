using BenchmarkDotNet.Attributes;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Benchmarks.Evaluation;

/// <summary>
/// The grid of 21 × 21 weights on data of the size of FashionIQ's shirts: 2,038 queries, 6,346 images, 768 dimensions, 3 captions.
/// <c>benchmarks/peers/sweep.py</c> times the published way on the same sizes, so that one run gives the ratio:
/// <c>python3 benchmarks/peers/sweep.py; dotnet run -c Release --project benchmarks/ZeroShotCir.Benchmarks -- --filter "*SweepBenchmark*" -i --job short</c>.
/// </summary>
public class SweepBenchmark
{
    private EvaluationDataset _dataset = null!;
    private EvaluationFeatures _features = null!;
    private IReadOnlyList<EvaluationSetting> _grid = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params(Scoring.Paper, Scoring.PublishedCode)]
    public Scoring Scoring { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (_dataset, _features) = SweepWorld.Create(queries: 2038, gallery: 6346, dimensions: 768, captions: 3);
        _grid = Sweep.Grid(new EvaluationSetting { Scoring = Scoring }, Sweep.ParseRange("0:1:0.05"), Sweep.ParseRange("0:1:0.05"));
    }

    /// <summary>Everything after loading: normalising, packing, products, counting, metrics.</summary>
    [Benchmark]
    public IReadOnlyList<EvaluationResult> Grid()
        => new EvaluationRunner(_dataset, _features, new EvaluationOptions { Threads = Threads }).Evaluate(_grid);
}
