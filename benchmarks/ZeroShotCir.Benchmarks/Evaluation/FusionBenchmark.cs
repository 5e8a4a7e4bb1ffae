using BenchmarkDotNet.Attributes;
using ZeroShotCir.Composition;

namespace ZeroShotCir.Benchmarks.Evaluation;

/// <summary>One query composed by each kind of linear strategy: what composing costs beside encoding (milliseconds) and searching.</summary>
[MemoryDiagnoser]
public class FusionBenchmark
{
    private readonly float[] _image = new float[768];
    private readonly float[] _text = new float[768];
    private LinearStrategy _strategy = null!;

    [ParamsSource(nameof(Strategies))]
    public string Strategy { get; set; } = "";

    public static IEnumerable<string> Strategies => ["weighted", "slerp", "hadamard"];

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        for (int i = 0; i < _image.Length; i++)
        {
            _image[i] = random.NextSingle() - 0.5f;
            _text[i] = random.NextSingle() - 0.5f;
        }

        _strategy = (LinearStrategy)StrategyTable.Parse(Strategy);
    }

    [Benchmark]
    public float[] Compose() => _strategy.Compose(new TermSet(_image.Length).Add(TermRole.Image, _image).Add(TermRole.Text, _text));
}
