using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Retrieval;

namespace ZeroShotCir.Tests.Galleries;

/// <summary>Saved, opened, opened again after a commit, and exchanged under running searches.</summary>
public sealed class GalleryLifeTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"gallery-life-{Guid.NewGuid():N}");
    private readonly QueryWorld _world = new(40);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_saved_gallery_is_opened_as_it_was()
    {
        Gallery memory = Named();
        Gallery saved = memory.Save(_folder, cancellationToken: Token);
        Gallery opened = Gallery.Open(_folder);
        ComposedQuery query = new() { ReferenceId = "image-7", Text = "in red", Beta = 0.4 };
        RetrievalRanking expected = await Retriever(memory).SearchAsync(query, 40, Token);
        foreach (Gallery gallery in (Gallery[])[saved, opened])
        {
            Assert.Equal(memory.Count, gallery.Count);
            RetrievalRanking found = await Retriever(gallery).SearchAsync(query, 40, Token);
            Assert.Equal(expected.Select(result => result.Id), found.Select(result => result.Id));
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-6f));
            Assert.Equal(memory.ItemAt(7).Captions, gallery.ItemAt(7).Captions);
        }

        Assert.Throws<InvalidGalleryException>(() => memory.Save(_folder, cancellationToken: Token));
        Assert.Throws<InvalidGalleryException>(() => _world.Gallery.Save(_folder + "-other", cancellationToken: Token));
    }

    [Fact]
    public void A_stopped_save_commits_nothing()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => Named().Save(_folder, cancellationToken: stop.Token));
        Assert.Throws<InvalidGalleryException>(() => Gallery.Open(_folder));
        Assert.Equal(40, Named().Save(_folder, cancellationToken: Token).Count);
    }

    [Fact]
    public void Reopening_gives_the_last_commit_and_leaves_what_is_open()
    {
        Named().Save(_folder, cancellationToken: Token);
        Gallery first = Gallery.Open(_folder);
        Assert.Same(first, first.Reopen());
        Change();
        Gallery second = first.Reopen();
        Assert.NotSame(first, second);
        Assert.Equal((40, 40), (first.Count, second.Count));
        Assert.True(second.TryGetOrdinal("new", out _));
        Assert.False(first.TryGetOrdinal("new", out _));
        Assert.True(first.TryGetOrdinal("image-0", out _));
        Assert.Same(second, second.Reopen());

        // Another gallery in the folder's place may have the same number of commits.
        Directory.Delete(_folder, recursive: true);
        Named().Save(_folder, cancellationToken: Token);
        Assert.NotSame(first, first.Reopen());
        Assert.Throws<InvalidOperationException>(() => Named().Reopen());
    }

    [Fact]
    public async Task Galleries_are_exchanged_under_running_searches()
    {
        Named().Save(_folder, cancellationToken: Token);
        Gallery first = Gallery.Open(_folder);
        SlowTexts texts = new(_world.Encoder);
        ComposedImageRetriever retriever = new(first, null, texts);
        Task<RetrievalRanking> running = retriever.SearchAsync(new ComposedQuery { Text = "slow" }, 40, Token);
        await texts.Asked.Task.WaitAsync(Token);

        Change();
        Gallery second = first.Reopen();
        Task<Gallery> exchange = retriever.ReplaceGalleryAsync(second, Token);
        while (!ReferenceEquals(retriever.Gallery, second))
        {
            await Task.Delay(1, Token);
        }

        // Others search the new one while the first search still has the old one.
        Assert.Contains(await retriever.SearchAsync(new ComposedQuery { Text = "quick" }, 40, Token), result => result.Id == "new");
        Assert.False(exchange.IsCompleted);
        texts.Release.SetResult();
        Assert.DoesNotContain(await running, result => result.Id == "new");
        Assert.Same(first, await exchange);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new ComposedImageRetriever(new ExactGallerySearch(first), null, null).ReplaceGalleryAsync(second, Token));
        await Assert.ThrowsAsync<InvalidGalleryException>(() => retriever.ReplaceGalleryAsync(
            Gallery.FromEmbeddings(["a"], EmbeddingMatrix.Copy([1, 0, 0, 0], 4)), Token));
        Assert.Same(second, retriever.Gallery);
    }

    private Gallery Named() => Gallery.FromEmbeddings(
        [.. Enumerable.Range(0, 40).Select(_world.Gallery.IdOf)],
        EmbeddingMatrix.FromRows([.. Enumerable.Range(0, 40).Select(i => _world.Encoder.Image(QueryWorld.Picture(i)))]),
        CaptionEmbeddings.FromCounts(
            EmbeddingMatrix.FromRows([.. Enumerable.Range(0, 40).SelectMany(i => _world.Gallery.ItemAt(i).Captions).Select(_world.Encoder.Text)]),
            [.. Enumerable.Range(0, 40).Select(_world.Gallery.CaptionCountOf)]),
        [.. Enumerable.Range(0, 40).Select(i => _world.Gallery.ItemAt(i).Captions)],
        model: GalleryModel.FromEncoders(_world.Encoder, _world.Encoder));

    private void Change()
    {
        using GalleryWriter writer = GalleryWriter.Open(_folder, GalleryModel.FromEncoders(_world.Encoder, _world.Encoder));
        writer.Remove("image-0");
        writer.Add(new GalleryEntry("new", _world.Encoder.Image(QueryWorld.Picture(99))));
        writer.Commit();
    }

    private ComposedImageRetriever Retriever(Gallery gallery) => new(gallery, _world.Encoder, _world.Encoder);

    /// <summary>Encodes like another encoder, but waits at the text "slow".</summary>
    private sealed class SlowTexts(FakeEncoder encoder) : ITextEncoder
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EncoderInfo Info => ((ITextEncoder)encoder).Info;

        public async ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            if (texts.Contains("slow"))
            {
                Asked.TrySetResult();
                await Release.Task.WaitAsync(cancellationToken);
            }

            await ((ITextEncoder)encoder).EncodeAsync(texts, destination, cancellationToken);
        }
    }
}
