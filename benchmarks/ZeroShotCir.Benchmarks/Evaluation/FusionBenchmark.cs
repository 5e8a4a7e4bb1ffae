using BenchmarkDotNet.Attributes;
using ZeroShotCir.Fusion;

namespace ZeroShotCir.Benchmarks.Evaluation;

/// <summary>One query fused by each strategy: what fusing costs beside encoding (milliseconds) and searching.</summary>
[MemoryDiagnoser]
public class FusionBenchmark
{
    private readonly float[] _image = new float[768];
    private readonly float[] _text = new float[768];
    private readonly float[] _query = new float[768];
    private IQueryFusion _fusion = null!;

    [ParamsSource(nameof(Fusions))]
    public string Fusion { get; set; } = "";

    public static IEnumerable<string> Fusions => ["weighted", "weighted, inputs normalised", "slerp", "hadamard"];

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        for (int i = 0; i < _image.Length; i++)
        {
            _image[i] = random.NextSingle() - 0.5f;
            _text[i] = random.NextSingle() - 0.5f;
        }

        _fusion = Fusion switch
        {
            "weighted" => new WeightedFusion(0.8),
            "weighted, inputs normalised" => new WeightedFusion(0.8, normalizeInputs: true),
            "slerp" => new SphericalFusion(0.8),
            _ => new HadamardFusion(),
        };
    }

    [Benchmark]
    public void Fuse() => _fusion.Fuse(_image, _text, _query);
}
