using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Encoders;

public sealed class ImageBatchTests : IDisposable
{
    private const int Small = 2;
    private const int Large = 16;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Small and large calls take turns. A thread that took a number too high for the small call is held up until the large one is
    /// under way; the large one's first images are decoded slowly, so that a graph that is run too early runs on old pixels.
    /// </summary>
    [Fact]
    public async Task A_worker_that_is_held_up_takes_nothing_of_the_next_call()
    {
        const int Rounds = 10_000;
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.Image().Save(_folder.File("vision_model.onnx"));
        int call = 0;
        int heldUp = 0;
        using OnnxImageEncoder encoder = OnnxModelFolder.Open(_folder.Path).CreateImageEncoder(new PaletteDecoder { SlowShade = 7 });
        encoder.Preparation.NumberTaken = (item, count) =>
        {
            if (item >= count && count == Small && Thread.CurrentThread.IsThreadPoolThread)
            {
                int now = Volatile.Read(ref call);
                SpinWait.SpinUntil(() => Volatile.Read(ref call) != now, millisecondsTimeout: 5);
                Interlocked.Increment(ref heldUp);
            }
        };

        float[] rows = new float[Large * TinyModel.Dimensions];
        for (int round = 0; round < Rounds; round++)
        {
            int shade = round % 60;
            await EncodeAsync([.. Shades(7, Small)]);
            Volatile.Write(ref call, round + 1);
            await EncodeAsync([.. Shades(shade, Large)]);
            for (int i = 0; i < Large; i++)
            {
                Assert.Equal((shade + i) / 255f, rows[i * TinyModel.Dimensions], 1e-6f);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{Rounds} rounds, {heldUp} times a worker was held up between two calls.");
        Assert.SkipWhen(Environment.ProcessorCount == 1, "With one processor the thread pool does not help.");
        Assert.NotEqual(0, heldUp);

        async ValueTask EncodeAsync(ImageData[] images)
            => await encoder.EncodeAsync(images, rows.AsMemory(0, images.Length * TinyModel.Dimensions), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_disposed_encoder_keeps_no_memory_beside_an_open_one()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.WriteClipTokenizer(_folder.Path);
        TinyModel.Image().Save(_folder.File("vision_model.onnx"));
        TinyModel.Text().Save(_folder.File("text_model.onnx"));
        OnnxModelFolder model = OnnxModelFolder.Open(_folder.Path);
        using OnnxImageEncoder openImages = model.CreateImageEncoder(new PaletteDecoder());
        using OnnxTextEncoder openTexts = model.CreateTextEncoder();
        List<WeakReference> disposed = [];
        for (int i = 0; i < 100; i++)
        {
            disposed.Add(await UseAndDisposeAsync(model));
            disposed.Add(await UseTextsAndDisposeAsync(model));
        }

        for (int tries = 0; tries < 20 && disposed.Exists(reference => reference.IsAlive); tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.InRange(disposed.Count(reference => reference.IsAlive), 0, 2);
        Assert.Equal(TinyModel.Dimensions, (await openImages.EncodeAsync(Shades(1, 1).Single(), TestContext.Current.CancellationToken)).Length);
        Assert.Equal(TinyModel.Dimensions, (await openTexts.EncodeAsync("a", TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task Use_after_disposal_names_the_encoder()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.Image().Save(_folder.File("vision_model.onnx"));
        OnnxImageEncoder encoder = OnnxModelFolder.Open(_folder.Path).CreateImageEncoder(new PaletteDecoder());
        encoder.Dispose();

        ObjectDisposedException error = await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await encoder.EncodeAsync(Shades(1, 1).Single(), TestContext.Current.CancellationToken));

        Assert.EndsWith(nameof(OnnxImageEncoder), error.ObjectName, StringComparison.Ordinal);
    }

    private static async Task<WeakReference> UseAndDisposeAsync(OnnxModelFolder model)
    {
        using OnnxImageEncoder images = model.CreateImageEncoder(new PaletteDecoder());
        await images.EncodeAsync([.. Shades(1, Large)], TestContext.Current.CancellationToken);
        return new WeakReference(images.Runner);
    }

    private static async Task<WeakReference> UseTextsAndDisposeAsync(OnnxModelFolder model)
    {
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        await texts.EncodeAsync(["a", "b"], TestContext.Current.CancellationToken);
        return new WeakReference(texts.Runner);
    }

    private static IEnumerable<ImageData> Shades(int first, int count)
        => Enumerable.Range(first, count).Select(shade => new ImageData(new[] { (byte)shade }, "image/x"));
}
