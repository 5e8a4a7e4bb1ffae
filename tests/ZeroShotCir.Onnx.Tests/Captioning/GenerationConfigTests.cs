using System.Text.Json;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Captioning;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Captioning;

/// <summary>What a folder says about searching counts where the caller says nothing; tiny graphs, against all captions worked out in double.</summary>
public sealed class GenerationConfigTests : IDisposable
{
    private const int Pad = 0;
    private const int Unknown = 1;
    private const int Start = 2;
    private const int End = 3;
    private const int OtherEnd = 9;
    private static readonly string[] Words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "picture", "of", "red", "dress", "blue"];
    private static readonly byte[] Shades = [5, 20, 40, 60, 80];
    private readonly TemporaryFolder _folder = new();
    private readonly TinyCaptioner _model = new(Words.Length, seed: 4, [Pad, Unknown, Start]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(2.5)]
    [InlineData(-1.0)]
    public void Beams_and_length_penalty_of_the_folder_find_the_best_caption_by_their_measure(double penalty)
    {
        Write(new { decoder_start_token_id = Start, eos_token_id = End, num_beams = 64, length_penalty = penalty, early_stopping = false, max_new_tokens = 3 });
        using OnnxImageCaptioner captioner = Open();
        using OnnxImageCaptioner overruled = Open(new OnnxCaptionerOptions { LengthPenalty = 1 });
        foreach (byte shade in Shades)
        {
            Assert.Equal(Exhaustive(shade, penalty, 3), Ids(captioner, shade));
            Assert.Equal(Exhaustive(shade, 1, 3), Ids(overruled, shade));
        }
    }

    [Fact]
    public void Beams_that_may_never_stop_early_find_long_captions_that_a_penalty_favours()
    {
        Write(new { decoder_start_token_id = Start, eos_token_id = End, num_beams = 64, length_penalty = 3.0, early_stopping = "never", max_new_tokens = 4 });
        using OnnxImageCaptioner captioner = Open();
        foreach (byte shade in Shades)
        {
            Assert.Equal(Exhaustive(shade, 3, 4), Ids(captioner, shade));
        }
    }

    [Fact]
    public void Several_end_tokens_each_end_a_caption()
    {
        Write(new { decoder_start_token_id = Start, eos_token_id = new[] { End, OtherEnd }, max_new_tokens = 12 });
        using OnnxImageCaptioner captioner = Open();
        foreach (byte shade in Shades)
        {
            int[] ids = Ids(captioner, shade);
            int[] greedy = Greedy(shade, 12, id => id is End or OtherEnd);
            Assert.Equal(greedy, ids);
        }
    }

    [Fact]
    public void The_number_of_new_tokens_rules_over_the_length_and_the_caller_over_both()
    {
        Write(new { decoder_start_token_id = Start, eos_token_id = End, max_length = 3, max_new_tokens = 5 });
        using OnnxImageCaptioner both = Open();
        Write(new { decoder_start_token_id = Start, eos_token_id = End, max_length = 3 });
        using OnnxImageCaptioner length = Open();
        Write(new { decoder_start_token_id = Start, eos_token_id = End });
        using OnnxImageCaptioner silent = Open();
        foreach (byte shade in Shades)
        {
            Assert.Equal(Greedy(shade, 5), Ids(both, shade));
            Assert.Equal(Greedy(shade, 2), Ids(length, shade));
            Assert.Equal(Greedy(shade, 20), Ids(silent, shade));
            Assert.Equal(Greedy(shade, 7), Ids(length, shade, newTokens: 7));
        }
    }

    [Fact]
    public void Repetition_is_avoided_where_the_folder_says_so_unless_the_caller_allows_it()
    {
        Write(new { decoder_start_token_id = Start, eos_token_id = End, no_repeat_ngram_size = 1, max_new_tokens = 12 });
        using OnnxImageCaptioner captioner = Open();
        using OnnxImageCaptioner allowed = Open(new OnnxCaptionerOptions { NoRepeatNgramSize = 0 });
        int repeated = 0;
        foreach (byte shade in Shades)
        {
            int[] free = Greedy(shade, 12);
            repeated += free.Length - free.Distinct().Count();
            Assert.Equal(free, Ids(allowed, shade));
            int[] unique = Ids(captioner, shade);
            Assert.Equal(unique.Length, unique.Distinct().Count());
        }

        Assert.True(repeated > 0, "no caption would have repeated a word, so the rule was not tested");
    }

    [Fact]
    public void Defaults_that_old_exporters_wrote_into_the_configuration_are_no_limits()
    {
        Write(generation: null, new
        {
            model_type = "vision-encoder-decoder",
            decoder_start_token_id = Start,
            eos_token_id = End,
            decoder = new { num_attention_heads = 1, hidden_size = 6, max_length = 20, num_beams = 1 },
        });
        using OnnxImageCaptioner captioner = Open();
        Write(generation: null, new
        {
            model_type = "vision-encoder-decoder",
            decoder_start_token_id = Start,
            eos_token_id = End,
            max_length = 4,
            decoder = new { num_attention_heads = 1, hidden_size = 6, max_length = 20 },
        });
        using OnnxImageCaptioner chosen = Open();
        foreach (byte shade in Shades)
        {
            Assert.Equal(Greedy(shade, 20), Ids(captioner, shade));
            Assert.Equal(Greedy(shade, 3), Ids(chosen, shade));
        }
    }

    [Theory]
    [InlineData("""{"num_beams": 0}""", "num_beams")]
    [InlineData("""{"num_beams": 100000}""", "at most 64")]
    [InlineData("""{"length_penalty": "long"}""", "length_penalty")]
    [InlineData("""{"early_stopping": "sometimes"}""", "never")]
    [InlineData("""{"no_repeat_ngram_size": -1}""", "no_repeat_ngram_size")]
    [InlineData("""{"max_new_tokens": 1e99}""", "max_new_tokens")]
    public void A_setting_that_makes_no_sense_is_named(string generation, string named)
    {
        Write(new { });
        File.WriteAllText(Path.Combine(_folder.Path, "generation_config.json"), generation);

        InvalidModelException error = Assert.Throws<InvalidModelException>(() => Open());

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("generation_config.json", error.Message, StringComparison.Ordinal);
    }

    private static double[] Means(byte shade) => [shade / 255.0, shade * 2 / 255.0, shade * 3 / 255.0];

    private static int[] Ids(OnnxImageCaptioner captioner, byte shade, int? newTokens = null)
        => captioner.Decode(new ImageData(new[] { shade }, "image/x"), new CaptionOptions { MaxTokens = newTokens }, CancellationToken.None)[0].Ids;

    private OnnxImageCaptioner Open(OnnxCaptionerOptions? options = null) => OnnxImageCaptioner.Open(_folder.Path, new PaletteDecoder(), options);

    private void Write(object? generation, object? config = null)
    {
        TinyModel.WriteSettings(_folder.Path, config ?? new
        {
            model_type = "vision-encoder-decoder",
            decoder_start_token_id = Start,
            eos_token_id = End,
            decoder = new { num_attention_heads = 1, hidden_size = 6, max_position_embeddings = 64 },
        });
        string file = Path.Combine(_folder.Path, "generation_config.json");
        File.Delete(file);
        if (generation is not null)
        {
            File.WriteAllText(file, JsonSerializer.Serialize(generation));
        }

        File.WriteAllLines(Path.Combine(_folder.Path, "vocab.txt"), Words);
        File.WriteAllText(Path.Combine(_folder.Path, "tokenizer_config.json"), """{"tokenizer_class": "BertTokenizer", "do_lower_case": true, "model_max_length": 512}""");
        _model.Image().Save(Path.Combine(_folder.Path, "onnx", "encoder_model.onnx"));
        _model.Decoder(takesPast: true, givesPresent: true).Save(Path.Combine(_folder.Path, "onnx", "decoder_model_merged.onnx"));
    }

    private int[] Greedy(byte shade, int newTokens, Func<int, bool>? ends = null)
    {
        double[] hidden = _model.HiddenSum(Means(shade));
        List<int> ids = [Start];
        do
        {
            double[] logProbabilities = _model.LogProbabilities(hidden, ids);
            ids.Add(Array.IndexOf(logProbabilities, logProbabilities.Max()));
        }
        while (!(ends?.Invoke(ids[^1]) ?? ids[^1] == End) && ids.Count <= newTokens);
        return [.. ids];
    }

    private int[] Exhaustive(byte shade, double penalty, int newTokens)
    {
        double[] hidden = _model.HiddenSum(Means(shade));
        return All([Start], 0).MaxBy(caption => caption.Sum / Math.Pow(caption.Ids.Length - 1, penalty)).Ids;

        IEnumerable<(int[] Ids, double Sum)> All(int[] ids, double sum)
            => ids.Length == newTokens + 1 || (ids.Length > 1 && ids[^1] == End)
                ? [(ids, sum)]
                : _model.LogProbabilities(hidden, ids).Index().SelectMany(token => All([.. ids, token.Index], sum + token.Item));
    }
}
