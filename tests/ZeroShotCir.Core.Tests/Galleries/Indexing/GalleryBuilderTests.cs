using System.Globalization;
using System.Text;
using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Galleries.Indexing;

public sealed class GalleryBuilderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly FakeEncoder _encoder = new();

    private string Folder => _temporary.File("gallery");

    // Two files written within one step of the file system's clock may have equal times; builders know that and read them again.
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(64, 2)]
    public async Task Images_are_stored_in_the_order_given_whatever_the_batches(int batchSize, int concurrency)
    {
        GallerySource[] sources = Images(40);

        GalleryBuildResult result = await BuildAsync(
            sources, new() { BatchSize = batchSize, MaxConcurrency = concurrency, CommitInterval = TimeSpan.Zero }, new SlowEncoder(_encoder));

        AssertCounts(result, added: 40, count: 40);
        GalleryState.AssertEqual([.. sources.Select(Expected)], Gallery.Open(Folder));
        GalleryState.AssertValid(Folder);
    }

    [Fact]
    public async Task What_did_not_change_is_not_encoded_again()
    {
        GallerySource[] sources = Images(20);
        await BuildAsync(sources);
        File.WriteAllText(sources[3].Path, "another picture");
        File.SetLastWriteTimeUtc(sources[5].Path, DateTime.UtcNow.AddHours(1)); // Touched; its bytes are the same.
        sources[7] = sources[7] with { Metadata = new Dictionary<string, string> { ["file"] = "moved" } };
        int encoded = _encoder.ImagesEncoded, texts = _encoder.TextsEncoded;

        GalleryBuildResult result = await BuildAsync(sources);

        AssertCounts(result, added: 2, replaced: 2, unchanged: 18, count: 20);
        Assert.Equal(1, _encoder.ImagesEncoded - encoded);
        Assert.Equal(sources[3].Captions!.Count, _encoder.TextsEncoded - texts);
        GalleryState.AssertEqual(
            [.. sources.Where((_, i) => i is not (3 or 5 or 7)).Append(sources[3]).Append(sources[5]).Append(sources[7]).Select(Expected)], Gallery.Open(Folder));
        GalleryState.AssertValid(Folder);

        AssertCounts(await BuildAsync(sources), unchanged: 20, count: 20);
    }

    [Fact]
    public async Task New_captions_are_encoded_and_the_image_is_not()
    {
        GallerySource[] sources = Images(4);
        await BuildAsync([.. sources.Select(source => source with { Captions = null })]);
        int encoded = _encoder.ImagesEncoded;

        AssertCounts(await BuildAsync(sources), added: 3, replaced: 3, unchanged: 1, count: 4); // One has no captions anyway.
        AssertCounts(await BuildAsync([.. sources.Select(source => source with { Captions = null })]), unchanged: 4, count: 4);

        Assert.Equal(encoded, _encoder.ImagesEncoded);
        Gallery gallery = Gallery.Open(Folder);
        Assert.All(sources, source => Assert.Equal(source.Captions, gallery.ItemAt(gallery.OrdinalOf(source.Id)).Captions));
    }

    [Fact]
    public async Task Missing_images_are_removed_on_request_only()
    {
        GallerySource[] sources = Images(10);
        await BuildAsync(sources);

        AssertCounts(await BuildAsync(sources[..6]), unchanged: 6, count: 10);
        AssertCounts(await BuildAsync(sources[..6], new() { RemoveMissing = true }), unchanged: 6, removed: 4, count: 6);
        GalleryState.AssertEqual([.. sources[..6].Select(Expected)], Gallery.Open(Folder));
    }

    [Fact]
    public async Task Bad_images_are_reported_and_stop_nothing()
    {
        GallerySource[] sources = Images(30);
        await BuildAsync(sources[..5]);
        File.WriteAllText(sources[2].Path, "bad, and was good before");
        File.WriteAllText(sources[10].Path, "bad bytes");
        File.WriteAllText(sources[11].Path, "");
        File.Delete(sources[12].Path);
        File.WriteAllText(sources[13].Path, "nan");
        File.WriteAllText(sources[14].Path, "zero");

        GalleryBuildResult result = await BuildAsync(sources, new() { BatchSize = 8 }, new BrokenEncoder(_encoder));

        Assert.Equal(new[] { 2, 10, 11, 12, 13, 14 }.Select(i => sources[i].Id), result.Failed.Select(failed => failed.Id));
        Assert.All(result.Failed, failed => Assert.NotEmpty(failed.Message));
        Assert.Equal((20, 4, 24), (result.Added, result.Unchanged, result.Count));

        // An image that went bad does not answer with what it showed before.
        Assert.False(Gallery.Open(Folder).TryGetOrdinal(sources[2].Id, out _));
        Assert.Equal([sources[2].Id], result.Removed);
        GalleryState.AssertValid(Folder);

        // Known files are not tried again, and told apart; good ones take their places.
        int encoded = _encoder.ImagesEncoded;
        await Task.Delay(ClockStep, Token);
        await BuildAsync(sources, null, new BrokenEncoder(_encoder)); // The files had just been written.
        result = await BuildAsync(sources, null, new BrokenEncoder(_encoder));
        Assert.Equal(new[] { 2, 10, 11, 13, 14 }.Select(i => sources[i].Id), result.KnownFailed.Select(failed => failed.Id));
        Assert.Equal([sources[12].Id], result.Failed.Select(failed => failed.Id));
        File.WriteAllText(sources[2].Path, "good again");
        result = await BuildAsync(sources);
        Assert.Equal((1, 24, 25), (result.Added, result.Unchanged, result.Count));
        Assert.Equal(4, result.KnownFailed.Count);
        string json = JsonSerializer.Serialize(result, JsonSerializerOptions.Web);
        Assert.Contains(sources[10].Id, json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_largest_file_that_is_read_is_the_callers_choice()
    {
        GallerySource[] sources = Images(2);
        long least = sources.Min(source => new FileInfo(source.Path).Length);
        File.AppendAllText(sources[1].Path, "more");

        GalleryBuildResult result = await BuildAsync(sources, new() { MaxImageBytes = least });

        Assert.Equal([sources[1].Id], result.Failed.Select(failure => failure.Id));
        Assert.Contains($"{least}", result.Failed[0].Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GalleryBuilderOptions { MaxImageBytes = 0 });

        // Nothing is wrong with the file: another limit has it read, however often it was refused.
        AssertCounts(await BuildAsync(sources), added: 1, unchanged: 1, count: 2);
    }

    [Fact]
    public async Task A_cancelled_run_keeps_what_was_finished_and_the_next_one_goes_on()
    {
        GallerySource[] sources = Images(200);
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Reports progress = new(done =>
        {
            if (done >= 50)
            {
                cancellation.Cancel();
            }
        });

        // Nothing but the cancellation commits.
        GalleryBuilder builder = new(_encoder, _encoder, new() { BatchSize = 10, CommitInterval = TimeSpan.FromHours(1) });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => builder.BuildAsync(Folder, sources, progress, cancellation.Token));

        int kept = Gallery.Open(Folder).Count;
        Assert.InRange(kept, 50, 199);
        GalleryState.AssertEqual([.. sources[..kept].Select(Expected)], Gallery.Open(Folder));
        AssertCounts(await BuildAsync(sources), added: 200 - kept, unchanged: kept, count: 200);
        GalleryState.AssertEqual([.. sources.Select(Expected)], Gallery.Open(Folder));
    }

    [Fact]
    public async Task Nothing_runs_ahead_of_the_slowest_stage_by_more_than_was_allowed()
    {
        GatedEncoder gated = new(_encoder);
        Task<GalleryBuildResult> running = new GalleryBuilder(gated, gated, new() { BatchSize = 5, MaxConcurrency = 2 }).BuildAsync(Folder, Images(100), null, Token);
        while (gated.Waiting < 2)
        {
            await Task.Delay(5, Token);
        }

        await Task.Delay(50, Token);
        Assert.Equal(2, gated.Waiting);
        Assert.False(running.IsCompleted);

        gated.Open();
        AssertCounts(await running, added: 100, count: 100);
        Assert.Equal(2, gated.MostAtOnce);
    }

    [Fact]
    public async Task Progress_counts_every_image_once()
    {
        GallerySource[] sources = Images(50);
        File.WriteAllText(sources[20].Path, "bad");
        List<int> reports = [];

        await new GalleryBuilder(_encoder, _encoder, new() { BatchSize = 6 }).BuildAsync(Folder, sources, new Reports(reports.Add), Token);

        Assert.Equal(50, reports[^1]);
        Assert.Equal(reports.Order(), reports);
    }

    [Fact]
    public async Task An_encoder_that_fails_ends_the_run_and_keeps_what_was_finished()
    {
        GallerySource[] sources = Images(40);
        File.WriteAllText(sources[25].Path, "fatal");

        await Assert.ThrowsAsync<TimeoutException>(
            () => BuildAsync(sources, new() { BatchSize = 10, MaxConcurrency = 1, CommitInterval = TimeSpan.FromHours(1) }, new BrokenEncoder(_encoder)));

        GalleryState.AssertEqual([.. sources[..20].Select(Expected)], Gallery.Open(Folder));
        using GalleryWriter writer = GalleryWriter.Open(Folder, GalleryModel.FromEncoders(_encoder, _encoder)); // Its lock is free.
        Assert.Equal(20, writer.Count);
    }

    [Fact]
    public async Task No_images_make_an_empty_gallery()
    {
        AssertCounts(await BuildAsync([]));
        Assert.Equal(0, Gallery.Open(Folder).Count);
    }

    [Fact]
    public async Task Wrong_use_is_refused_before_anything_is_written()
    {
        GallerySource[] sources = Images(3);
        InvalidGalleryException twice = await Assert.ThrowsAsync<InvalidGalleryException>(() => BuildAsync([.. sources, sources[1]]));
        Assert.Contains($"'{sources[1].Id}'", twice.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => new GalleryBuilder(_encoder).BuildAsync(Folder, sources, null, Token));
        Assert.Throws<ArgumentException>(() => new GallerySource("", "path"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GalleryBuilderOptions { BatchSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GalleryBuilderOptions { MaxConcurrency = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GalleryBuilderOptions { CommitInterval = TimeSpan.FromTicks(-1) });
        Assert.False(Directory.Exists(Folder));

        await BuildAsync(sources);
        await Assert.ThrowsAsync<InvalidGalleryException>(() => BuildAsync(sources, null, new FakeEncoder(modelId: "another")));
    }

    private Task<GalleryBuildResult> BuildAsync(GallerySource[] sources, GalleryBuilderOptions? options = null, IImageEncoder? encoder = null)
        => new GalleryBuilder(encoder ?? _encoder, _encoder, options).BuildAsync(Folder, sources, null, Token);

    private GallerySource[] Images(int count)
    {
        Directory.CreateDirectory(_temporary.File("images"));
        GallerySource[] sources = [.. Enumerable.Range(0, count).Select(i =>
        {
            string path = _temporary.File("images", i.ToString("D4", CultureInfo.InvariantCulture));
            File.WriteAllText(path, $"picture {i}");
            return new GallerySource($"id {i}", path)
            {
                Captions = [.. Enumerable.Range(0, (i + 1) % 4).Select(j => $"caption {j} of {i}")],
                Metadata = new Dictionary<string, string> { ["file"] = path },
            };
        })];
        Thread.Sleep(ClockStep);
        return sources;
    }

    private GalleryEntry Expected(GallerySource source) => new(source.Id, _encoder.Image(File.ReadAllBytes(source.Path)))
    {
        Captions = source.Captions!,
        CaptionEmbeddings = source.Captions!.SelectMany(_encoder.Text).ToArray(),
        Metadata = source.Metadata,
    };

    private static void AssertCounts(GalleryBuildResult result, int added = 0, int replaced = 0, int unchanged = 0, int removed = 0, int count = 0)
    {
        Assert.Empty(result.Failed);
        Assert.Equal((added, replaced, unchanged, removed, count), (result.Added, result.Replaced, result.Unchanged, result.Removed.Count, result.Count));
    }

    private sealed class Reports(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }

    /// <summary>Later batches tend to finish first.</summary>
    private sealed class SlowEncoder(FakeEncoder inner) : IImageEncoder
    {
        private int _calls;

        public EncoderInfo Info => inner.Info;

        public async ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Interlocked.Increment(ref _calls) % 3 == 1 ? 20 : 1, cancellationToken);
            await inner.EncodeAsync(images, destination, cancellationToken);
        }
    }

    /// <summary>Says no number, zero, or nothing at all about some images.</summary>
    private sealed class BrokenEncoder(FakeEncoder inner) : IImageEncoder
    {
        public EncoderInfo Info => inner.Info;

        public async ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            await inner.EncodeAsync(images, destination, cancellationToken);
            for (int i = 0; i < images.Count; i++)
            {
                switch (Encoding.UTF8.GetString(images[i].Data.Span))
                {
                    case "nan":
                        throw new InvalidEmbeddingException("The embedding holds NaN.");
                    case "fatal":
                        throw new TimeoutException();
                    case "zero":
                        destination.Slice(i * Info.Dimensions, Info.Dimensions).Span.Clear();
                        break;
                }
            }
        }
    }

    /// <summary>Lets nothing through until it is opened.</summary>
    private sealed class GatedEncoder(FakeEncoder inner) : IImageEncoder, ITextEncoder
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private int _waiting;

        public EncoderInfo Info => inner.Info;

        public int Waiting => Volatile.Read(ref _waiting);

        public int MostAtOnce { get; private set; }

        public void Open() => _gate.SetResult();

        public async ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                MostAtOnce = Math.Max(MostAtOnce, ++_waiting);
            }

            await _gate.Task.WaitAsync(cancellationToken);
            await inner.EncodeAsync(images, destination, cancellationToken);
            lock (_lock)
            {
                _waiting--;
            }
        }

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
            => inner.EncodeAsync(texts, destination, cancellationToken);
    }
}
