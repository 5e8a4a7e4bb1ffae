using System.Collections.Concurrent;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;
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

    /// <summary>Calls that fill batches take turns, of preparation too, and one picture waits for none of them.</summary>
    [Fact]
    public async Task Whole_batches_are_prepared_one_after_another_and_a_single_image_beside_them()
    {
        const int Held = 100, Waiting = 20, Alone = 200;
        CancellationToken timeout = TestContext.Current.CancellationToken;
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.Image().Save(_folder.File("vision_model.onnx"));
        HoldingDecoder decoder = new(Held);
        using OnnxImageEncoder encoder = OnnxModelFolder.Open(_folder.Path, TakingTurns).CreateImageEncoder(decoder);
        float[] first = new float[2 * Large * TinyModel.Dimensions], second = new float[2 * Large * TinyModel.Dimensions];

        Task held = encoder.EncodeAsync([.. Shades(Held, 2 * Large)], first, timeout).AsTask();
        await decoder.Reached.WaitAsync(TimeSpan.FromSeconds(30), timeout);
        Task waiting = encoder.EncodeAsync([.. Shades(Waiting, 2 * Large)], second, timeout).AsTask();
        float[] alone = await encoder.EncodeAsync(Shades(Alone, 1).Single(), timeout).AsTask().WaitAsync(TimeSpan.FromSeconds(30), timeout);
        int[] decoded = decoder.Decoded;
        decoder.Release();
        await Task.WhenAll(held, waiting).WaitAsync(TimeSpan.FromSeconds(30), timeout);

        Assert.Contains(Alone, decoded);
        Assert.DoesNotContain(decoded, shade => shade is >= Waiting and < Waiting + (2 * Large));
        Assert.Equal(Alone / 255f, alone[0], 1e-6f);
        for (int i = 0; i < 2 * Large; i++)
        {
            Assert.Equal((Held + i) / 255f, first[i * TinyModel.Dimensions], 1e-6f);
            Assert.Equal((Waiting + i) / 255f, second[i * TinyModel.Dimensions], 1e-6f);
        }
    }

    [Fact]
    public async Task A_call_that_is_canceled_while_it_waits_for_its_turn_keeps_nobody_from_his()
    {
        CancellationToken timeout = TestContext.Current.CancellationToken;
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.Image().Save(_folder.File("vision_model.onnx"));
        HoldingDecoder decoder = new(100);
        using OnnxImageEncoder encoder = OnnxModelFolder.Open(_folder.Path, TakingTurns).CreateImageEncoder(decoder);
        float[] rows = new float[Large * TinyModel.Dimensions];
        Task held = encoder.EncodeAsync([.. Shades(100, Large)], new float[rows.Length], timeout).AsTask();
        await decoder.Reached.WaitAsync(TimeSpan.FromSeconds(30), timeout);

        using CancellationTokenSource stop = new();
        Task waiting = encoder.EncodeAsync([.. Shades(20, Large)], new float[rows.Length], stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30), timeout));
        decoder.Release();
        await held.WaitAsync(TimeSpan.FromSeconds(30), timeout);
        await encoder.EncodeAsync([.. Shades(40, Large)], rows, timeout).AsTask().WaitAsync(TimeSpan.FromSeconds(30), timeout);

        Assert.Equal(40 / 255f, rows[0], 1e-6f);
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

    // The tiny graph sums over pixels, and would be given one image after another.
    private static OnnxModelOptions TakingTurns => new() { AllowBatchDependentRows = true };

    private static IEnumerable<ImageData> Shades(int first, int count)
        => Enumerable.Range(first, count).Select(shade => new ImageData(new[] { (byte)shade }, "image/x"));

    /// <summary>Holds up whoever decodes one shade, and remembers what was decoded.</summary>
    private sealed class HoldingDecoder(int heldShade) : IImageDecoder
    {
        private readonly PaletteDecoder _palette = new();
        private readonly ConcurrentQueue<int> _decoded = new();
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "holding";

        public Task Reached => _reached.Task;

        public int[] Decoded => [.. _decoded];

        public void Release() => _released.SetResult();

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
        {
            _decoded.Enqueue(encoded[0]);
            if (encoded[0] == heldShade)
            {
                _reached.TrySetResult();
                _released.Task.Wait();
            }

            return _palette.Decode(encoded, options);
        }
    }
}
