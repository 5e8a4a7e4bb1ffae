using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Captioning;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Hub;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Usage;

/// <summary>Whoever uses what was disposed reads the name of the class in their own code, not of a session inside of it.</summary>
public sealed class DisposedUseTests : IDisposable
{
    private static readonly string Models = Path.Combine(RepositoryPaths.TinyFashion, "models");
    private static readonly string Picture = Directory.EnumerateFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).Order().First();

    private static readonly Dictionary<Type, Func<TemporaryFolder, CancellationToken, Func<Task>>> Uses = new()
    {
        [typeof(OnnxImageEncoder)] = (_, token) =>
        {
            OnnxImageEncoder encoder = OnnxModelFolder.Open(Path.Combine(Models, "clip")).CreateImageEncoder(new SkiaImageDecoder());
            encoder.Dispose();
            return async () => await encoder.EncodeAsync(ImageData.FromFile(Picture), token);
        },
        [typeof(OnnxTextEncoder)] = (_, token) =>
        {
            OnnxTextEncoder encoder = OnnxModelFolder.Open(Path.Combine(Models, "clip")).CreateTextEncoder();
            encoder.Dispose();
            return async () => await encoder.EncodeAsync("a red dress", token);
        },
        [typeof(OnnxComposedEncoder)] = (folder, token) =>
        {
            TinyJointModel.Write(folder.Path);
            OnnxComposedEncoder encoder = OnnxModelFolder.Open(folder.Path).CreateComposedEncoder(new PlainDecoder());
            encoder.Dispose();
            return async () => await encoder.EncodeAsync(new ComposedInput("a dog", PlainDecoder.Image(10, 4, 4)), EncodingRole.Query, token);
        },
        [typeof(OnnxImageCaptioner)] = (_, token) =>
        {
            OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(Path.Combine(Models, "captioner"), new SkiaImageDecoder());
            captioner.Dispose();
            return async () => await captioner.CaptionAsync(ImageData.FromFile(Picture), cancellationToken: token);
        },
        [typeof(ModelHub)] = (folder, token) =>
        {
            ModelHub hub = new(new ModelHubOptions { Endpoint = new Uri("http://127.0.0.1:9"), CacheFolder = folder.Of("cache") });
            hub.Dispose();
            return () => hub.DownloadAsync(new ModelRequest("owner/model"), cancellationToken: token);
        },
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Types => [.. Uses.Keys.Select(type => type.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Every_use_names_the_class_that_the_user_holds(string type)
    {
        (Type disposed, Func<TemporaryFolder, CancellationToken, Func<Task>> use) = Uses.Single(pair => pair.Key.Name == type);

        ObjectDisposedException e = await Assert.ThrowsAsync<ObjectDisposedException>(use(_folder, TestContext.Current.CancellationToken));

        Assert.Equal(disposed.FullName, e.ObjectName);
    }

    [Fact]
    public async Task A_captioner_that_is_disposed_while_it_decodes_names_itself()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using ManualResetEventSlim decoding = new(), disposed = new();
        OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(Path.Combine(Models, "captioner"), new HeldDecoder(decoding, disposed));
        Task<IReadOnlyList<string>> call = captioner.CaptionAsync(ImageData.FromFile(Picture), cancellationToken: token).AsTask();
        decoding.Wait(token);
        captioner.Dispose();
        disposed.Set();

        Assert.Equal(typeof(OnnxImageCaptioner).FullName, (await Assert.ThrowsAsync<ObjectDisposedException>(() => call)).ObjectName);
    }

    [Fact]
    public void No_public_disposable_is_left_out()
        => Assert.Equal(
            typeof(ModelHub).Assembly.GetExportedTypes().Where(type => type.IsClass && typeof(IDisposable).IsAssignableFrom(type)).Select(type => type.Name).Order(),
            Uses.Keys.Select(type => type.Name).Order());

    private sealed class HeldDecoder(ManualResetEventSlim decoding, ManualResetEventSlim disposed) : IImageDecoder
    {
        private readonly SkiaImageDecoder _decoder = new();

        public string Name => "held";

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
        {
            decoding.Set();
            Assert.True(disposed.Wait(TimeSpan.FromSeconds(60)), "Nobody disposed the captioner.");
            return _decoder.Decode(encoded, options);
        }
    }
}
