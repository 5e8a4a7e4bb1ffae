using SkiaSharp;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Joint;

/// <summary>A model that reads images and texts together, on graphs whose embeddings are a line of arithmetic.</summary>
public sealed class JointEncoderTests : IDisposable
{
    private const string Query = "task: search result | query: ";
    private const string Document = "title: none | text: ";

    /// <summary>Images of every kind of shape, and the soft tokens that the budget of 70 leaves them.</summary>
    private static readonly (byte Shade, byte Width, byte Height, int Tokens)[] Shapes =
        [(10, 4, 4, 64), (20, 8, 2, 64), (30, 6, 4, 60), (40, 100, 1, 70), (50, 1, 60, 64), (60, 200, 150, 63), (70, 1, 90, 70)];

    private readonly TemporaryFolder _folder = new();

    public JointEncoderTests() => TinyJointModel.Write(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Parts_go_in_as_they_stand_after_the_prompt_of_their_role()
    {
        using OnnxComposedEncoder encoder = Open().CreateComposedEncoder(new PlainDecoder());
        foreach ((byte shade, byte width, byte height, int tokens) in Shapes)
        {
            ImageData image = PlainDecoder.Image(shade, width, height);
            string spelled = $"<|image>{string.Concat(Enumerable.Repeat("<|image|>", tokens))}<image|>";
            Near(Expected($"{Query}{spelled}a dog", (shade, tokens)), await encoder.EncodeAsync(new ComposedInput("a dog", image), EncodingRole.Query, Token));
            Near(
                Expected($"{Query}a dog{spelled}", (shade, tokens)),
                await encoder.EncodeAsync(new ComposedInput(ComposedPart.FromText("a dog"), ComposedPart.FromImage(image)), EncodingRole.Query, Token));
            Near(Expected($"{Document}{spelled}", (shade, tokens)), await encoder.EncodeAsync(new ComposedInput(ComposedPart.FromImage(image)), EncodingRole.Document, Token));
            Near(
                Expected($"{Query}{spelled}<|image>{string.Concat(Enumerable.Repeat("<|image|>", 60))}<image|> two", (shade, tokens), (33, 60)),
                await encoder.EncodeAsync(new ComposedInput(" two", image, PlainDecoder.Image(33, 6, 4)), EncodingRole.Query, Token));
        }
    }

    [Fact]
    public async Task Images_are_documents_and_texts_are_queries_unless_asked_otherwise()
    {
        OnnxModelFolder model = Open();
        ImageData image = PlainDecoder.Image(10, 4, 4);
        using OnnxComposedEncoder both = model.CreateComposedEncoder(new PlainDecoder());
        using OnnxImageEncoder images = model.CreateImageEncoder(new PlainDecoder());
        using OnnxImageEncoder queries = model.CreateImageEncoder(new PlainDecoder(), EncodingRole.Query);
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        using OnnxTextEncoder captions = model.CreateTextEncoder(EncodingRole.Document);

        Assert.Equal(await both.EncodeAsync(new ComposedInput(ComposedPart.FromImage(image)), EncodingRole.Document, Token), await images.EncodeAsync(image, Token));
        Assert.Equal(await both.EncodeAsync(new ComposedInput(ComposedPart.FromImage(image)), EncodingRole.Query, Token), await queries.EncodeAsync(image, Token));
        Near(Expected(Query + "a dog"), await texts.EncodeAsync("a dog", Token));
        Near(Expected(Document + "a dog"), await captions.EncodeAsync("a dog", Token));
        Assert.Equal("plain", images.Info.Reading?.Decoder);
        Assert.Equal(CompositionKind.Joint, both.Kind);

        // Documents are what galleries hold; queries have a name of their own and are compared with the documents.
        Assert.Equal([both.Info.ModelId, captions.Info.ModelId], Enumerable.Repeat(images.Info.ModelId, 2));
        Assert.Equal(texts.Info.ModelId, queries.Info.ModelId);
        Assert.NotEqual(images.Info.ModelId, queries.Info.ModelId);
        Assert.All([both.Info, captions.Info, queries.Info, texts.Info], info => Assert.Equal(images.Info.ModelId, info.Space));
        Assert.Equal([EncodingRole.Document, EncodingRole.Query], new[] { captions.Info.Role, texts.Info.Role }.OfType<EncodingRole>());
    }

    [Fact]
    public void Only_documents_lie_in_a_gallery_and_only_this_model_searches_it()
    {
        OnnxModelFolder model = Open();
        using OnnxImageEncoder images = model.CreateImageEncoder(new PlainDecoder());
        using OnnxImageEncoder asQueries = model.CreateImageEncoder(new PlainDecoder(), EncodingRole.Query);
        using OnnxTextEncoder captions = model.CreateTextEncoder(EncodingRole.Document);
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        using OnnxComposedEncoder both = model.CreateComposedEncoder(new PlainDecoder());
        GalleryModel gallery = GalleryModel.FromEncoders(images, captions);

        gallery.ThrowIfOther(images.Info, texts.Info, both.Info);
        gallery.ThrowIfOther(asQueries.Info, captions.Info);
        Assert.Contains(nameof(EncodingRole.Document), Assert.Throws<ArgumentException>(() => GalleryModel.FromEncoders(images, texts)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => GalleryModel.FromEncoders(asQueries));
        foreach (OnnxModelOptions other in (OnnxModelOptions[])[new() { SoftTokens = 140 }, new() { Dimensions = 4 }])
        {
            using OnnxComposedEncoder composed = Open(other).CreateComposedEncoder(new PlainDecoder());
            Assert.Throws<InvalidGalleryException>(() => gallery.ThrowIfOther(null, null, composed.Info));
        }
    }

    /// <summary>A photograph stored on its side, of a shape whose eighths round to another number of soft tokens than the whole.</summary>
    [Fact]
    public async Task Reduced_resolution_is_honoured_and_said()
    {
        ImageData photograph = Photograph(1999, 1511);
        Watched full = new(), reduced = new();
        using OnnxImageEncoder whole = Open().CreateImageEncoder(full);
        using OnnxImageEncoder smaller = Open(new OnnxModelOptions { DecodeOptions = new DecodeOptions { Resolution = ImageResolution.Reduced } }).CreateImageEncoder(reduced);

        float[] expected = await whole.EncodeAsync(photograph, Token), actual = await smaller.EncodeAsync(photograph, Token);

        Assert.Equal((ImageResolution.Full, ImageResolution.Reduced), (whole.Info.Reading!.Resolution, smaller.Info.Reading!.Resolution));
        Assert.Equal(new ImageSize(1999, 1511), full.Came);
        Assert.InRange(reduced.Came.Width, reduced.Least.Width, 1000);
        Assert.InRange(reduced.Came.Height, reduced.Least.Height, 756);
        Assert.Equal(whole.Load!.Patches, smaller.Load!.Patches);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-2));
    }

    [Fact]
    public async Task A_row_is_the_same_alone_in_any_company_and_on_any_thread()
    {
        using OnnxComposedEncoder encoder = Open(new OnnxModelOptions { BatchSize = 4, SoftTokenCacheBytes = 0 }).CreateComposedEncoder(new PlainDecoder());
        ComposedInput[] inputs = [.. Shapes.SelectMany(
            shape => new[] { "a", "a dog with a hat", "" }.Select(text => new ComposedInput(text, PlainDecoder.Image(shape.Shade, shape.Width, shape.Height)))),
            new ComposedInput("no image"), new ComposedInput("no shade"), new ComposedInput("a"), new ComposedInput(string.Join(' ', Enumerable.Repeat("long", 60)))];
        float[][] alone = new float[inputs.Length][];
        for (int i = 0; i < inputs.Length; i++)
        {
            alone[i] = await encoder.EncodeAsync(inputs[i], EncodingRole.Query, Token);
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, 8), Token, async (seed, token) =>
        {
            int[] order = [.. Enumerable.Range(0, inputs.Length)];
            new Random(seed).Shuffle(order);
            float[] rows = new float[inputs.Length * TinyJointModel.Width];
            await encoder.EncodeAsync([.. order.Select(i => inputs[i])], EncodingRole.Query, rows, token);
            for (int i = 0; i < order.Length; i++)
            {
                Assert.Equal(alone[order[i]], rows[(i * TinyJointModel.Width)..((i + 1) * TinyJointModel.Width)]);
            }
        });
    }

    [Theory]
    [InlineData(64L << 20, 1)]
    [InlineData(64 * TinyJointModel.Width * sizeof(float), 1)]
    [InlineData((64 * TinyJointModel.Width * sizeof(float)) - 1, 3)]
    [InlineData(0, 3)]
    public async Task Another_sentence_about_an_image_reads_it_again_only_where_it_is_not_kept(long bytes, int times)
    {
        PlainDecoder decoder = new();
        using OnnxComposedEncoder encoder = Open(new OnnxModelOptions { SoftTokenCacheBytes = bytes }).CreateComposedEncoder(decoder);
        using OnnxComposedEncoder fresh = Open(new OnnxModelOptions { SoftTokenCacheBytes = 0 }).CreateComposedEncoder(new PlainDecoder());
        foreach (string text in (string[])["a dog", "a cat", "a hat"])
        {
            ComposedInput input = new(text, PlainDecoder.Image(10, 4, 4));
            Assert.Equal(await fresh.EncodeAsync(input, EncodingRole.Query, Token), await encoder.EncodeAsync(input, EncodingRole.Query, Token));
        }

        Assert.Equal(times, decoder.Count);
    }

    [Fact]
    public async Task What_is_padded_is_counted_and_what_is_kept_is_not_given_again()
    {
        using OnnxComposedEncoder encoder = Open().CreateComposedEncoder(new PlainDecoder());
        ComposedInput[] inputs = [new("a dog", PlainDecoder.Image(10, 4, 4)), new("a dog", PlainDecoder.Image(30, 6, 4)), new("a dog")];
        float[] rows = new float[inputs.Length * encoder.Info.Dimensions];
        await encoder.EncodeAsync(inputs, EncodingRole.Query, rows, Token);
        EncodingLoad first = encoder.Load!;
        await encoder.EncodeAsync(inputs, EncodingRole.Query, rows, Token);

        Assert.Equal((124, 16), (first.Patches, first.PaddedPatches));
        Assert.Equal(16 / 140.0, first.PaddedShare, 1e-12);
        Assert.Equal((first.Patches, first.PaddedPatches, 2 * first.Ids), (encoder.Load!.Patches, encoder.Load.PaddedPatches, encoder.Load.Ids));
    }

    [Fact]
    public async Task A_cut_is_normalised_and_has_an_identity_of_its_own()
    {
        using OnnxTextEncoder full = Open().CreateTextEncoder();
        using OnnxTextEncoder cut = Open(new OnnxModelOptions { Dimensions = 4 }).CreateTextEncoder();
        float[] whole = await full.EncodeAsync("a dog", Token);
        float[] part = await cut.EncodeAsync("a dog", Token);

        double length = Math.Sqrt(whole.Take(4).Sum(value => (double)value * value));
        Near([.. whole.Take(4).Select(value => value / length)], part);
        Assert.Equal($"{full.Info.Space}@4", cut.Info.Space);
        Assert.Contains(
            "writes 6", Assert.Throws<InvalidModelException>(() => Open(new OnnxModelOptions { Dimensions = TinyJointModel.Width + 1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prompts_and_budget_belong_to_the_identity()
    {
        string before = Open().ModelId;
        Assert.NotEqual(before, Open(new OnnxModelOptions { SoftTokens = 140 }).ModelId);
        Assert.NotEqual(before, Open(new OnnxModelOptions { ResizeOrder = ResizeOrder.Pillow13 }).ModelId);
        Assert.Equal(before, Open(new OnnxModelOptions { SoftTokens = 70, BatchSize = 2, SoftTokenCacheBytes = 5 }).ModelId);
        WritePrompts(Query, Document);
        Assert.Equal(before, Open().ModelId);
        WritePrompts(Query, "document: ");
        Assert.NotEqual(before, Open().ModelId);
        WritePrompts("query: ", Document);
        Assert.NotEqual(before, Open().ModelId);
    }

    [Fact]
    public void A_folder_without_vision_encoder_is_a_text_encoder_and_says_so()
    {
        File.Delete(_folder.File("onnx", "vision_encoder.onnx"));
        OnnxModelFolder model = Open();

        Assert.Equal(CompositionKind.TextOnly, model.Composition);
        Assert.Contains(model.Inspect().Notes, note => note.Contains("text encoder", StringComparison.Ordinal));
        Assert.Equal("embedding_gemma2", model.Inspect().Family);
        Assert.Contains("text encoder", Assert.Throws<InvalidModelException>(() => model.CreateImageEncoder(new PlainDecoder())).Message, StringComparison.Ordinal);
        Assert.Contains("text encoder", Assert.Throws<InvalidModelException>(() => model.CreateComposedEncoder(new PlainDecoder())).Message, StringComparison.Ordinal);
        model.CreateTextEncoder().Dispose();
    }

    private OnnxModelFolder Open(OnnxModelOptions? options = null) => OnnxModelFolder.Open(_folder.Path, options);

    private void WritePrompts(string query, string document)
        => File.WriteAllText(_folder.File("config_sentence_transformers.json"), $$"""{"prompts": {"query": "{{query}}", "document": "{{document}}"} }""");

    private static void Near(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 2e-5));
    }

    /// <summary>The embedding of a spelled text, in double: image after image has tokens of one colour.</summary>
    private double[] Expected(string spelled, params (byte Shade, int Tokens)[] images)
    {
        ITokenizer tokenizer = TokenizerFolder.Load(_folder.Path);
        int[] ids = new int[TinyJointModel.Context];
        ids = ids[..tokenizer.Encode(spelled, ids, out _)];
        Queue<byte> shades = new(images.SelectMany(image => Enumerable.Repeat(image.Shade, image.Tokens)));
        double[] sum = new double[TinyJointModel.Width];
        for (int place = 0; place < ids.Length; place++)
        {
            byte? shade = ids[place] == TinyJointModel.ImageId ? shades.Dequeue() : null;
            for (int column = 0; column < sum.Length; column++)
            {
                sum[column] += (place + 1) * (shade is { } s
                    ? Enumerable.Range(0, 12).Sum(value => (byte)(s * ((value % 3) + 1)) / 255.0 * TinyJointModel.Pixel(value, column))
                    : TinyJointModel.Word(ids[place], column));
            }
        }

        Assert.Empty(shades);
        double length = Math.Sqrt(sum.Sum(value => value * value));
        return [.. sum.Select(value => value / length)];
    }

    // Colours that change from edge to edge, so that a picture turned otherwise has another embedding.
    private static ImageData Photograph(int width, int height)
    {
        using SKBitmap bitmap = new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int i = 0; i < width * height; i++)
        {
            (pixels[4 * i], pixels[(4 * i) + 1], pixels[(4 * i) + 2], pixels[(4 * i) + 3]) = ((byte)(i % width * 250 / width), (byte)(i / width * 200 / height), 40, 255);
        }

        using SKData jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);

        // EXIF: the first row is the right-hand side.
        byte[] turned = [0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        byte[] bytes = jpeg.ToArray();
        return ImageData.FromBytes((byte[])[.. bytes[..2], .. turned, .. bytes[2..]]);
    }

    /// <summary>Decodes, and looks at how large pictures come.</summary>
    private sealed class Watched : IImageDecoder
    {
        private readonly SkiaImageDecoder _decoder = new();

        public string Name => _decoder.Name;

        public ImageSize Least { get; private set; }

        public ImageSize Came { get; private set; }

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => _decoder.Decode(encoded, options);

        public void DecodeRows(ReadOnlySpan<byte> encoded, DecodeOptions options, IImageRowReceiver receiver)
            => _decoder.DecodeRows(encoded, options, new Receiver(this, receiver));

        private sealed class Receiver(Watched watched, IImageRowReceiver receiver) : IImageRowReceiver
        {
            public ImageSize LeastSize(int width, int height, ExifOrientation orientation) => watched.Least = receiver.LeastSize(width, height, orientation);

            public void Begin(int width, int height, ExifOrientation orientation)
            {
                watched.Came = new ImageSize(width, height);
                receiver.Begin(width, height, orientation);
            }

            public void Add(ReadOnlySpan<byte> rows) => receiver.Add(rows);
        }
    }
}
