using Microsoft.Extensions.DependencyInjection;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.DependencyInjection;

public sealed class UseOnnxModelTests
{
    private static readonly string First = Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");
    private static readonly string Second = Path.Combine(RepositoryPaths.TinyFashion, "album-models", "clip");

    [Fact]
    public void A_second_model_without_a_name_is_refused_in_words()
    {
        ServiceCollection services = new();

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => services.AddZeroShotCir().UseOnnxModel(First).UseOnnxModel(Second));

        Assert.Contains("UseOnnxModel(\"name\"", e.Message, StringComparison.Ordinal);
        Assert.Contains(Second, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Named_models_are_told_apart_and_a_name_is_given_once()
    {
        ServiceCollection services = new();
        services.AddZeroShotCir().UseSkiaDecoder().UseOnnxModel(First).UseOnnxModel("album", Second);
        Assert.Contains("album", Assert.Throws<InvalidOperationException>(() => services.AddZeroShotCir().UseOnnxModel("album", First)).Message, StringComparison.Ordinal);
        using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.Equal(First, provider.GetRequiredService<OnnxModelFolder>().Path);
        Assert.Equal(Second, provider.GetRequiredKeyedService<OnnxModelFolder>("album").Path);
        Assert.NotSame(provider.GetRequiredService<IImageEncoder>(), provider.GetRequiredKeyedService<IImageEncoder>("album"));
        Assert.Same(provider.GetRequiredKeyedService<ITextEncoder>("album"), provider.GetRequiredKeyedService<ITextEncoder>("album"));
    }

    [Fact]
    public async Task A_model_that_composes_is_searched_with_jointly_and_another_one_says_that_it_does_not()
    {
        using TemporaryFolder composing = new();
        TinyJointModel.Write(composing.Path);
        ServiceCollection services = new();
        services.AddZeroShotCir().UseDecoder(new PlainDecoder()).UseOnnxModel(composing.Path).UseOnnxModel("apart", First).UseOnnxModel("again", composing.Path)
            .UseGallery(Gallery.FromEmbeddings(["a", "b"], EmbeddingMatrix.FromRows([[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]])));
        using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.Equal(CompositionKind.Joint, provider.GetRequiredService<IComposedEncoder>().Kind);
        Assert.Same(provider.GetRequiredKeyedService<IComposedEncoder>("again"), provider.GetRequiredKeyedService<IComposedEncoder>("again"));
        Assert.Null(provider.GetKeyedService<IComposedEncoder>("apart"));
        ComposedQuery query = new() { Strategy = StrategyTable.Parse("joint"), Image = PlainDecoder.Image(10, 4, 4), Text = "a dog" };
        Assert.Equal(2, (await provider.GetRequiredService<ComposedImageRetriever>().SearchAsync(query, 2, TestContext.Current.CancellationToken)).Count);

        ServiceCollection others = new();
        others.AddZeroShotCir().UseSkiaDecoder().UseOnnxModel(First).UseGallery(Gallery.FromEmbeddings(["a"], EmbeddingMatrix.FromRows([[1, 2]])));
        using ServiceProvider apart = others.BuildServiceProvider();
        Assert.Null(apart.GetService<IComposedEncoder>());
    }

    [Fact]
    public void A_second_captioner_or_gallery_is_refused_in_words()
    {
        ServiceCollection services = new();
        string captioner = Path.Combine(RepositoryPaths.TinyFashion, "models", "captioner");
        services.AddZeroShotCir().UseOnnxCaptioner(captioner).UseGallery("gallery");

        Assert.Contains(
            "AddKeyedSingleton", Assert.Throws<InvalidOperationException>(() => services.AddZeroShotCir().UseOnnxCaptioner(captioner)).Message, StringComparison.Ordinal);
        Assert.Contains("UseGallery(\"other\")", Assert.Throws<InvalidOperationException>(() => services.AddZeroShotCir().UseGallery("other")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => services.AddZeroShotCir().UseGallery(Gallery.FromEmbeddings([], EmbeddingMatrix.Allocate(0, 4, out _))));
    }

    [Fact]
    public void Options_that_would_be_ignored_are_refused()
    {
        ServiceCollection services = new();
        services.AddZeroShotCir();
        services.AddZeroShotCir(); // Says nothing new.

        Assert.Contains("once", Assert.Throws<InvalidOperationException>(() => services.AddZeroShotCir(new RetrievalOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_need_no_decoder_and_pictures_name_what_is_missing()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        ServiceCollection services = new();
        services.AddZeroShotCir().UseOnnxModel(First);
        using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        ITextEncoder texts = provider.GetRequiredService<ITextEncoder>();
        Assert.NotEmpty(await texts.EncodeAsync("a red dress", token));

        string picture = Directory.EnumerateFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).First();
        Exception e = await Assert.ThrowsAnyAsync<Exception>(async () => await provider.GetRequiredService<IImageEncoder>().EncodeAsync(ImageData.FromFile(picture), token));
        Assert.Contains("ZeroShotCir.Imaging.Skia", e.Message, StringComparison.Ordinal);
        Assert.Contains("UseSkiaDecoder()", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encoding_leaves_the_callers_thread()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using ManualResetEventSlim released = new();
        using OnnxImageEncoderOwner owner = new(First, new WaitingDecoder(released));
        string picture = Directory.EnumerateFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).First();

        // Were the work done on this thread, the call would wait for what comes after it.
        Task encoding = owner.Encoder.EncodeAsync([ImageData.FromFile(picture)], new float[owner.Encoder.Info.Dimensions], token).AsTask();
        Assert.False(encoding.IsCompleted);
        released.Set();
        await encoding;
    }

    private sealed class OnnxImageEncoderOwner(string path, IImageDecoder decoder) : IDisposable
    {
        public Onnx.Encoders.OnnxImageEncoder Encoder { get; } = OnnxModelFolder.Open(path).CreateImageEncoder(decoder);

        public void Dispose() => Encoder.Dispose();
    }

    private sealed class WaitingDecoder(ManualResetEventSlim released) : IImageDecoder
    {
        private readonly Imaging.Skia.SkiaImageDecoder _decoder = new();

        public string Name => "waiting";

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
        {
            Assert.True(released.Wait(TimeSpan.FromSeconds(60)), "The caller never came to release it.");
            return _decoder.Decode(encoded, options);
        }
    }
}
