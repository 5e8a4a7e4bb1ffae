using System.Text;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Hosting.Batching;
using ZeroShotCir.Extensions.Hosting.Configuration;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests;

public sealed class BatchingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_is_encoded_together_and_every_caller_gets_its_own_row()
    {
        CountingEncoder encoder = new(isHeld: true);
        await using BatchingTextEncoder batching = new(encoder, new BatchingOptions { MaxBatchSize = 8 });
        Task<float[]> first = batching.EncodeAsync("first", Cancellation).AsTask();
        await WaitUntil(() => encoder.Batches.Count == 1);
        Task<float[]>[] others = [.. Enumerable.Range(0, 20).Select(i => batching.EncodeAsync($"text {i}", Cancellation).AsTask())];
        encoder.Release();

        Assert.Equal(CountingEncoder.RowOf("first"), await first);
        for (int i = 0; i < others.Length; i++)
        {
            Assert.Equal(CountingEncoder.RowOf($"text {i}"), await others[i]);
        }

        Assert.Equal([1, 8, 8, 4], encoder.Batches);
    }

    [Fact]
    public async Task A_bad_input_fails_its_own_caller_alone()
    {
        CountingEncoder encoder = new(isHeld: true);
        await using BatchingTextEncoder texts = new(encoder);
        await using BatchingImageEncoder images = new(encoder);
        Task<float[]> held = texts.EncodeAsync("held", Cancellation).AsTask(), heldImage = images.EncodeAsync(Image("held"), Cancellation).AsTask();
        await WaitUntil(() => encoder.Batches.Count == 2);
        Task<float[]>[] words = [.. new[] { "a", "bad", "c" }.Select(text => texts.EncodeAsync(text, Cancellation).AsTask())];
        Task<float[]>[] pictures = [.. new[] { "a", "bad", "c" }.Select(text => images.EncodeAsync(Image(text), Cancellation).AsTask())];
        float[] rows = new float[8];
        Task pair = images.EncodeAsync([Image("d"), Image("bad")], rows, Cancellation).AsTask();
        encoder.Release();

        await Assert.ThrowsAsync<InvalidEmbeddingException>(() => words[1]);
        Assert.Equal(0, (await Assert.ThrowsAsync<InvalidImageException>(() => pictures[1])).Index);
        Assert.Equal(1, (await Assert.ThrowsAsync<InvalidImageException>(() => pair)).Index);
        Assert.All(rows, value => Assert.Equal(0, value));
        foreach (Task<float[]>[] all in new[] { words, pictures })
        {
            Assert.Equal(CountingEncoder.RowOf("a"), await all[0]);
            Assert.Equal(CountingEncoder.RowOf("c"), await all[2]);
        }

        await Task.WhenAll(held, heldImage);
    }

    [Fact]
    public async Task A_caller_that_left_is_written_nothing_and_stops_nobody()
    {
        CountingEncoder encoder = new(isHeld: true);
        await using BatchingTextEncoder batching = new(encoder);
        using CancellationTokenSource leaving = new();
        float[] running = new float[4], waiting = new float[4];
        Task first = batching.EncodeAsync(["first"], running, leaving.Token).AsTask();
        await WaitUntil(() => encoder.Batches.Count == 1);
        Task second = batching.EncodeAsync(["second"], waiting, leaving.Token).AsTask();
        Task<float[]> staying = batching.EncodeAsync("stays", Cancellation).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        encoder.Release();

        Assert.Equal(CountingEncoder.RowOf("stays"), await staying);
        Assert.All(running.Concat(waiting), value => Assert.Equal(0, value));
        Assert.Equal([1, 1], encoder.Batches);
    }

    [Fact]
    public async Task One_call_more_than_may_wait_is_refused_at_once()
    {
        CountingEncoder encoder = new(isHeld: true);
        await using BatchingTextEncoder batching = new(encoder, new BatchingOptions { QueueLimit = 2 });
        Task<float[]> first = batching.EncodeAsync("first", Cancellation).AsTask();
        await WaitUntil(() => encoder.Batches.Count == 1);
        Task<float[]>[] waiting = [batching.EncodeAsync("a", Cancellation).AsTask(), batching.EncodeAsync("b", Cancellation).AsTask()];

        EncodingQueueFullException e = await Assert.ThrowsAsync<EncodingQueueFullException>(() => batching.EncodeAsync("c", Cancellation).AsTask());

        Assert.Contains("QueueLimit", e.Message, StringComparison.Ordinal);
        encoder.Release();
        await Task.WhenAll([first, .. waiting]);
    }

    [Fact]
    public async Task Many_texts_of_one_caller_do_not_wait_and_wrong_room_is_refused()
    {
        CountingEncoder encoder = new();
        await using BatchingTextEncoder batching = new(encoder, new BatchingOptions { MaxBatchSize = 4 });

        EmbeddingMatrix rows = await batching.EncodeAsync(["a", "b", "c", "d", "e"], Cancellation);

        Assert.Equal(CountingEncoder.RowOf("e"), rows[4].ToArray());
        Assert.Equal([5], encoder.Batches);
        Assert.Equal(encoder.Info, batching.Info);
    }

    [Fact]
    public async Task What_waits_when_it_ends_is_told_so()
    {
        CountingEncoder encoder = new(isHeld: true);
        BatchingTextEncoder batching = new(encoder);
        Task<float[]> first = batching.EncodeAsync("first", Cancellation).AsTask();
        await WaitUntil(() => encoder.Batches.Count == 1);
        Task<float[]> second = batching.EncodeAsync("second", Cancellation).AsTask();
        await batching.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => first);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => second);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => batching.EncodeAsync("third", Cancellation).AsTask());
    }

    private static ImageData Image(string text) => new(Encoding.UTF8.GetBytes(text), "image/png");

    private static async Task WaitUntil(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, Cancellation);
        }
    }
}
