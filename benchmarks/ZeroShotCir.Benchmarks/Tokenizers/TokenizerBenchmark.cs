using System.Text.Json;
using BenchmarkDotNet.Attributes;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;

namespace ZeroShotCir.Benchmarks.Tokenizers;

/// <summary>
/// CLIP's tokenizer on captions and on words that it meets for the first time; times and bytes are per token. The environment
/// variable <c>CLIP_TOKENIZER</c> names a folder with the published vocabulary; without it the small one of the samples serves.
/// </summary>
[MemoryDiagnoser]
public class TokenizerBenchmark
{
    private const int Tokens = 500_000;
    private readonly int[] _ids = new int[77];
    private ITokenizer _tokenizer = null!;
    private string[] _captions = [];
    private string[] _newWords = [];

    [GlobalSetup]
    public void Setup()
    {
        _tokenizer = TokenizerFolder.Load(Environment.GetEnvironmentVariable("CLIP_TOKENIZER") is { Length: > 0 } folder ? folder : Captions.SampleModel, 77);
        _captions = TextsOf(Captions.Endless(seed: 1));
        _newWords = TextsOf(Captions.EndlessNewWords(seed: 1));
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Tokens)]
    public int CaptionsPerToken() => Encode(_captions);

    /// <summary>More different words than the tokenizer remembers, so that most are merged from their bytes.</summary>
    [Benchmark(OperationsPerInvoke = Tokens)]
    public int NewWordsPerToken() => Encode(_newWords);

    /// <summary>Writes the captions, so that other tokenizers can be given the same.</summary>
    public static void WriteCaptions(string file)
    {
        TokenizerBenchmark benchmark = new();
        benchmark.Setup();
        File.WriteAllLines(file, benchmark._captions.Select(text => JsonSerializer.Serialize(new { text })));
    }

    private int Encode(string[] texts)
    {
        int left = Tokens;
        foreach (string text in texts)
        {
            left -= _tokenizer.Encode(text, _ids.AsSpan(0, Math.Min(left, _ids.Length)), out _);
        }

        return left;
    }

    /// <summary>As many texts as have the tokens; the last is cut.</summary>
    private string[] TextsOf(IEnumerable<string> endless)
    {
        int left = Tokens;
        return [.. endless.TakeWhile(text =>
        {
            bool isWanted = left > 0;
            left -= isWanted ? _tokenizer.Encode(text, _ids.AsSpan(0, Math.Min(left, _ids.Length)), out _) : 0;
            return isWanted;
        })];
    }
}
