using System.Text.Json;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Captioning;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tests.Graphs;
using ZeroShotCir.Tests.Tokenizers;

namespace ZeroShotCir.Tests.Captioning;

/// <summary>BLIP and Florence-2 on tiny graphs, against captions worked out in double by trying every token.</summary>
public sealed class CaptionerFamilyTests : IDisposable
{
    private const int Pad = 0;
    private const int Unknown = 1;
    private const int Begin = 2;
    private const int End = 3;
    private static readonly string[] Words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "picture", "of", "red", "dress", "blue"];
    private static readonly byte[] Shades = [5, 20, 40, 60, 80];

    // [DEC] and [ENC] are in the graph of BLIP, but not in its published vocabulary.
    private static readonly int Start = Words.Length;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Layouts =>
    [
        "vision_model + text_decoder",
        "vision_model + text_decoder_model",
        "encoder_model + decoder_model_merged",
        "encoder_model + decoder_model + decoder_with_past_model",
        "encoder_model + decoder_model",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Blip_writes_the_likeliest_words_after_its_start_token(string layout)
    {
        TinyCaptioner model = WriteBlip(layout);
        using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(_folder.Path, new PaletteDecoder());
        using OnnxImageCaptioner prompted = OnnxImageCaptioner.Open(_folder.Path, new PaletteDecoder(), new OnnxCaptionerOptions { Prompt = "A picture of" });
        HashSet<string> captions = [];
        foreach (byte shade in Shades)
        {
            double[] hidden = model.HiddenSum(Means(shade));
            int[] free = Greedy(ids => model.LogProbabilities(hidden, ids), [Start], End, 21);
            int[] continued = Greedy(ids => model.LogProbabilities(hidden, ids), [Start, 4, 5, 6], End, 24);

            Assert.Equal(free, Best(captioner, shade, maxTokens: null).Ids);
            Assert.Equal(Text(free), await CaptionAsync(captioner, shade));
            Assert.Equal(continued, Best(prompted, shade, maxTokens: null).Ids);
            Assert.Equal(Text(continued), await CaptionAsync(prompted, shade));
            Assert.StartsWith("a picture of", Text(continued), StringComparison.Ordinal);
            captions.Add(Text(free));
        }

        Assert.True(captions.Count >= 3, "the images must not all have one caption");
        Assert.NotEqual(captioner.CaptionerId, prompted.CaptionerId);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Blip_finds_the_best_of_all_captions_by_beams_that_are_wide_enough(string layout)
    {
        TinyCaptioner model = WriteBlip(layout);
        foreach ((string? prompt, int[] start) in new (string?, int[])[] { (null, [Start]), ("a picture of", [Start, 4, 5, 6]) })
        {
            using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(_folder.Path, new PaletteDecoder(), new OnnxCaptionerOptions { Beams = 64, Prompt = prompt });
            foreach (byte shade in Shades)
            {
                double[] hidden = model.HiddenSum(Means(shade));
                (int[] ids, double score) = Exhaustive(ids => model.LogProbabilities(hidden, ids), start, 0, End, start.Length + 3).MaxBy(caption => caption.Score);

                CaptionSequence best = Best(captioner, shade, 3);
                Assert.Equal(ids, best.Ids);
                Assert.Equal(score, best.Score, 1e-4);
            }
        }
    }

    [Fact]
    public void Florence_reads_the_image_before_the_instruction_and_keeps_its_rules()
    {
        ReferenceTokenizer tokenizer = ReferenceTokenizer.Read("roberta");
        TinyCaptioner model = WriteFlorence(tokenizer);
        int first = Array.IndexOf(tokenizer.Tokens, "<s>");
        int last = Array.IndexOf(tokenizer.Tokens, "</s>");
        int repeated = 0;
        foreach ((string prompt, int[] instruction) in tokenizer.Cases.Where(item => item.Text.Length > 0).Take(8))
        {
            using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(_folder.Path, new PaletteDecoder(), new OnnxCaptionerOptions { Prompt = prompt });
            foreach (byte shade in Shades)
            {
                double[] hidden = model.HiddenSum(Means(shade), instruction);
                double[] Ruled(IReadOnlyList<int> ids)
                {
                    if (ids.Count is 1 or 11)
                    {
                        int forced = ids.Count == 1 ? first : last;
                        return [.. Enumerable.Range(0, model.Vocabulary).Select(id => id == forced ? 0 : double.NegativeInfinity)];
                    }

                    double[] logProbabilities = model.LogProbabilities(hidden, ids);
                    int wanted = Array.IndexOf(logProbabilities, logProbabilities.Max());
                    for (int id = 0; id < logProbabilities.Length; id++)
                    {
                        string candidate = string.Join(' ', ids.TakeLast(2).Append(id));
                        if (Enumerable.Range(0, Math.Max(ids.Count - 2, 0)).Any(i => string.Join(' ', ids.Skip(i).Take(3)) == candidate))
                        {
                            repeated += id == wanted ? 1 : 0;
                            logProbabilities[id] = double.NegativeInfinity;
                        }
                    }

                    return logProbabilities;
                }

                Assert.Equal(Greedy(Ruled, [last], last, 12), Best(captioner, shade, 11).Ids);
            }
        }

        Assert.True(repeated > 0, "no caption would have repeated itself, so the rule was not tested");
    }

    [Fact]
    public async Task Florence_is_asked_what_the_image_describes()
    {
        WriteFlorence(ReferenceTokenizer.Read("roberta"));
        using OnnxImageCaptioner silent = OnnxImageCaptioner.Open(_folder.Path, new PaletteDecoder());
        using OnnxImageCaptioner asked = OnnxImageCaptioner.Open(_folder.Path, new PaletteDecoder(), new OnnxCaptionerOptions { Prompt = "What does the image describe?" });
        using OnnxImageCaptioner other = OnnxImageCaptioner.Open(
            _folder.Path, new PaletteDecoder(), new OnnxCaptionerOptions { Prompt = "Describe in detail what is shown in the image." });
        List<string>[] captions = [[], [], []];
        foreach (byte shade in Shades)
        {
            captions[0].Add(await CaptionAsync(silent, shade));
            captions[1].Add(await CaptionAsync(asked, shade));
            captions[2].Add(await CaptionAsync(other, shade));
        }

        Assert.Equal(captions[1], captions[0]);
        Assert.NotEqual(captions[1], captions[2]);
    }

    [Fact]
    public void A_captioner_is_inspected_and_a_retrieval_model_of_its_kind_refused()
    {
        WriteBlip("vision_model + text_decoder");
        ModelInspection inspection = OnnxModelFolder.Open(_folder.Path).Inspect();
        Assert.Equal("blip-captioning", inspection.Family);
        Assert.Equal(["text_decoder", "vision_model"], inspection.Graphs.Keys.Order());

        TinyModel.WriteSettings(_folder.Path, new { model_type = "blip", architectures = new[] { "BlipForImageTextRetrieval" } });
        InvalidModelException error = Assert.Throws<InvalidModelException>(() => OnnxImageCaptioner.Open(_folder.Path, new PaletteDecoder()));
        Assert.Contains("writes no captions", error.Message, StringComparison.Ordinal);
        Assert.Contains("BlipForConditionalGeneration", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_that_leaves_no_room_is_refused()
    {
        WriteBlip("vision_model + text_decoder");

        ArgumentException error = Assert.Throws<ArgumentException>(() => OnnxImageCaptioner.Open(
            _folder.Path, new PaletteDecoder(), new OnnxCaptionerOptions { Prompt = string.Join(' ', Enumerable.Repeat("red", 31)) }));

        Assert.Contains("Take a shorter prompt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_the_tokenizer_does_not_have_is_named()
    {
        WriteBlip("vision_model + text_decoder", never: [.. Enumerable.Range(0, Words.Length)]);
        using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(_folder.Path, new PaletteDecoder());

        InvalidModelException error = await Assert.ThrowsAsync<InvalidModelException>(async () => await CaptionAsync(captioner, 40));

        Assert.Contains($"the tokenizer has {Words.Length}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forced_token_that_the_decoder_does_not_know_is_named()
    {
        WriteFlorence(ReferenceTokenizer.Read("roberta"), forced: 123_456);
        using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(_folder.Path, new PaletteDecoder());

        InvalidModelException error = await Assert.ThrowsAsync<InvalidModelException>(async () => await CaptionAsync(captioner, 40));

        Assert.Contains("forces the token 123456", error.Message, StringComparison.Ordinal);
    }

    private static double[] Means(byte shade) => [shade / 255.0, shade * 2 / 255.0, shade * 3 / 255.0];

    private static ImageData Image(byte shade) => new(new[] { shade }, "image/x");

    private static CaptionSequence Best(OnnxImageCaptioner captioner, byte shade, int? maxTokens)
        => captioner.Decode(Image(shade), new CaptionOptions { MaxTokens = maxTokens }, TestContext.Current.CancellationToken)[0];

    private static async Task<string> CaptionAsync(OnnxImageCaptioner captioner, byte shade)
        => (await captioner.CaptionAsync(Image(shade), cancellationToken: TestContext.Current.CancellationToken))[0];

    private static string Text(IEnumerable<int> ids) => string.Join(' ', ids.Where(id => id != Start && id != End).Select(id => Words[id]));

    private static int[] Greedy(Func<IReadOnlyList<int>, double[]> next, int[] start, int end, int maxLength)
    {
        List<int> ids = [.. start];
        do
        {
            double[] logProbabilities = next(ids);
            ids.Add(Array.IndexOf(logProbabilities, logProbabilities.Max()));
        }
        while (ids[^1] != end && ids.Count < maxLength);
        return [.. ids];
    }

    /// <summary>Every caption that can be written, with the mean log probability of what follows the start.</summary>
    private static IEnumerable<(int[] Ids, double Score)> Exhaustive(Func<IReadOnlyList<int>, double[]> next, int[] ids, double sum, int end, int maxLength, int decoded = 0)
    {
        if (ids.Length == maxLength || (decoded > 0 && ids[^1] == end))
        {
            return [(ids, sum / decoded)];
        }

        double[] logProbabilities = next(ids);
        return logProbabilities.Index().SelectMany(token => Exhaustive(next, [.. ids, token.Index], sum + token.Item, end, maxLength, decoded + 1));
    }

    private TinyCaptioner WriteBlip(string layout, int[]? never = null)
    {
        TinyModel.WriteSettings(_folder.Path, new
        {
            model_type = "blip",
            architectures = new[] { "BlipForConditionalGeneration" },
            text_config = new { bos_token_id = Start, eos_token_id = 2, sep_token_id = End, num_attention_heads = 1, hidden_size = 6, max_position_embeddings = 32 },
        });
        File.WriteAllText(Path.Combine(_folder.Path, "generation_config.json"), JsonSerializer.Serialize(new { bos_token_id = Start, eos_token_id = 2, pad_token_id = Pad }));
        File.WriteAllLines(Path.Combine(_folder.Path, "vocab.txt"), Words);
        File.WriteAllText(Path.Combine(_folder.Path, "tokenizer_config.json"), """{"tokenizer_class": "BertTokenizer", "do_lower_case": true, "model_max_length": 512}""");
        TinyCaptioner model = new(Words.Length + 2, seed: 4, never ?? [Pad, Unknown, Begin, Start, Start + 1]);
        string[] names = layout.Split(" + ");
        foreach (string name in names)
        {
            OnnxGraph graph = name switch
            {
                "vision_model" or "encoder_model" => model.Image(),
                "decoder_model_merged" or "decoder_with_past_model" => model.Decoder(takesPast: true, givesPresent: true),
                "decoder_model" => model.Decoder(takesPast: false, givesPresent: true),
                _ => model.Decoder(takesPast: false, givesPresent: false),
            };
            graph.Save(Path.Combine(_folder.Path, "onnx", name + ".onnx"));
        }

        return model;
    }

    private TinyCaptioner WriteFlorence(ReferenceTokenizer tokenizer, int? forced = null)
    {
        int first = Array.IndexOf(tokenizer.Tokens, "<s>");
        int last = Array.IndexOf(tokenizer.Tokens, "</s>");
        TinyModel.WriteSettings(_folder.Path, new
        {
            model_type = "florence2",
            text_config = new { d_model = 6, decoder_attention_heads = 1, max_position_embeddings = 64 },
        });
        File.WriteAllText(Path.Combine(_folder.Path, "generation_config.json"), JsonSerializer.Serialize(new
        {
            decoder_start_token_id = last,
            bos_token_id = first,
            eos_token_id = last,
            forced_bos_token_id = forced ?? first,
            forced_eos_token_id = last,
            no_repeat_ngram_size = 3,
        }));
        tokenizer.SaveJson(Path.Combine(_folder.Path, "tokenizer.json"));
        File.WriteAllText(Path.Combine(_folder.Path, "tokenizer_config.json"), """{"tokenizer_class": "BartTokenizer", "model_max_length": 1024}""");
        TinyCaptioner model = new(tokenizer.Tokens.Length, seed: 5, []);
        model.Image().Save(Path.Combine(_folder.Path, "onnx", "vision_encoder.onnx"));
        model.TokenEmbedding().Save(Path.Combine(_folder.Path, "onnx", "embed_tokens.onnx"));
        TinyCaptioner.Instruction().Save(Path.Combine(_folder.Path, "onnx", "encoder_model.onnx"));
        model.Decoder(takesPast: true, givesPresent: true, takesEmbeddings: true).Save(Path.Combine(_folder.Path, "onnx", "decoder_model_merged.onnx"));
        return model;
    }
}
