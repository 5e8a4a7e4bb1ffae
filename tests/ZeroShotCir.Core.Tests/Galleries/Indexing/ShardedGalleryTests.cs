using System.Globalization;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Tests.Galleries.Indexing;

public sealed class ShardedGalleryTests : IDisposable
{
    private const double SettlingSeconds = 0.2;
    private const int Count = 4;
    private readonly TemporaryFolder _temporary = new();
    private readonly FakeEncoder _encoder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Shards_of_several_processes_one_of_them_killed_merge_to_the_rows_of_one_byte_for_byte()
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> captions = WritePhotos(120);

        // The times of a file that was written just now are not kept, since it may be written again within them: which files are that is luck.
        await Task.Delay(TimeSpan.FromSeconds(SettlingSeconds), Token);
        Gallery single = await IndexAsync(_temporary.Of("single"), null, captions, _encoder, null, Token);
        ShardedGallery shards = new(_temporary.Of("merged"));
        GalleryShard killed = new(2, Count);
        shards.Begin(killed);
        using (CancellationTokenSource kill = new())
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => IndexAsync(shards.FolderOf(killed), killed, captions, _encoder, new Stop(kill), kill.Token));
        }

        foreach (GalleryShard shard in Enumerable.Range(1, Count).Select(number => new GalleryShard(number, Count)).Where(shard => shard.Number != killed.Number))
        {
            await IndexShardAsync(shards, shard, captions);
        }

        InvalidGalleryException unfinished = Assert.Throws<InvalidGalleryException>(() => shards.Merge(cancellationToken: Token));
        Assert.Contains("2/4", unfinished.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_temporary.Of("merged", "manifest.json")));

        int before = _encoder.ImagesEncoded;
        Gallery part = await IndexShardAsync(shards, killed, captions);
        Assert.True(_encoder.ImagesEncoded - before < part.Count, "The killed shard began anew.");
        // Once more changes nothing.
        await IndexShardAsync(shards, killed, captions);
        AssertSameRows(single, shards.Merge(cancellationToken: Token));
        AssertSameRows(single, shards.Merge(cancellationToken: Token));
        GalleryState.AssertValid(_temporary.Of("merged"));

        // The merged gallery follows its folder as if it had been indexed alone.
        int encoded = _encoder.ImagesEncoded;
        Gallery again = await IndexAsync(_temporary.Of("merged"), null, captions, _encoder, null, Token);
        Assert.Equal(encoded, _encoder.ImagesEncoded);
        Assert.Equal(single.Count, again.Count);
    }

    [Fact]
    public async Task Shards_that_do_not_fit_together_are_refused_in_words()
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> captions = WritePhotos(12);
        ShardedGallery shards = new(_temporary.Of("merged"));
        Assert.Contains("no shards", Assert.Throws<InvalidGalleryException>(() => shards.Merge(cancellationToken: Token)).Message, StringComparison.Ordinal);
        await IndexShardAsync(shards, new GalleryShard(1, 2), captions);
        Assert.Contains("2/2", Assert.Throws<InvalidGalleryException>(() => shards.Merge(cancellationToken: Token)).Message, StringComparison.Ordinal);
        await IndexShardAsync(shards, new GalleryShard(2, 2), captions, new FakeEncoder(modelId: "another"));
        Assert.Contains("another model", Assert.Throws<InvalidGalleryException>(() => shards.Merge(cancellationToken: Token)).Message, StringComparison.Ordinal);
        await IndexShardAsync(shards, new GalleryShard(3, 3), captions);
        Assert.Contains("divisions", Assert.Throws<InvalidGalleryException>(() => shards.Merge(cancellationToken: Token)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("1")]
    [InlineData("1/0")]
    [InlineData("-1/4")]
    [InlineData("1/4/2")]
    [InlineData("a/b")]
    public void A_shard_that_is_none_is_refused(string text) => Assert.Throws<FormatException>(() => GalleryShard.Parse(text));

    [Fact]
    public void Every_id_is_in_one_shard_whatever_its_unicode_form()
    {
        GalleryShard[] shards = [.. Enumerable.Range(1, 7).Select(number => new GalleryShard(number, 7))];
        int[] sizes = new int[7];
        for (int i = 0; i < 2000; i++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"Fotos/Schöne/{i}.jpg");
            GalleryShard shard = Assert.Single(shards, shard => shard.Contains(id));
            Assert.True(shard.Contains(id.Normalize(System.Text.NormalizationForm.FormD)));
            sizes[shard.Number - 1]++;
        }

        Assert.All(sizes, size => Assert.InRange(size, 220, 360));
        // The documented hash, so that other programs can tell: SHA-256 of "a" begins with ca978112ca1bbdca.
        Assert.Equal((int)(0xcabd1bca128197ca % 1000), GalleryShard.IndexOf("a", 1000));
    }

    private Dictionary<string, IReadOnlyList<string>> WritePhotos(int count)
    {
        Dictionary<string, IReadOnlyList<string>> captions = [];
        for (int i = 0; i < count; i++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"folder {i % 5}/photo-{i}.jpg");
            _temporary.Write($"picture {i}", "photos", $"folder {i % 5}", $"photo-{i}.jpg");
            captions[id] = [.. Enumerable.Range(0, i % 3).Select(j => $"caption {j} of {i}")];
        }

        return captions;
    }

    private async Task<Gallery> IndexShardAsync(ShardedGallery shards, GalleryShard shard, IReadOnlyDictionary<string, IReadOnlyList<string>> captions, FakeEncoder? encoder = null)
    {
        shards.Begin(shard);
        Gallery gallery = await IndexAsync(shards.FolderOf(shard), shard, captions, encoder ?? _encoder, null, Token);
        shards.Complete(shard);
        return gallery;
    }

    private async Task<Gallery> IndexAsync(
        string folder, GalleryShard? shard, IReadOnlyDictionary<string, IReadOnlyList<string>> captions, FakeEncoder encoder, IProgress<int>? progress, CancellationToken token)
    {
        GalleryScan scan = GalleryScan.Read(folder, [new NamedFolder(_temporary.Of("photos"), null)], new GalleryScanOptions { Shard = shard }, Token);
        GalleryBuilder builder = new(
            encoder, encoder, new GalleryBuilderOptions { BatchSize = 4, CommitInterval = shard is null ? TimeSpan.FromHours(1) : TimeSpan.Zero, RemoveMissing = true });
        await builder.BuildAsync(scan, captions, progress, token);
        return Gallery.Open(folder);
    }

    private static void AssertSameRows(Gallery expected, Gallery merged)
    {
        Assert.Equal(expected.Count, merged.OrdinalCount);
        GallerySegment one = Assert.Single(expected.Segments);
        GallerySegment other = Assert.Single(merged.Segments);
        for (int row = 0; row < one.Rows; row++)
        {
            Assert.True(((MappedItemTable)one.Items).Line(row).Span.SequenceEqual(((MappedItemTable)other.Items).Line(row).Span), $"The line of '{one.Items.IdOf(row)}' differs.");
            Assert.True(one.Images[row].SequenceEqual(other.Images[row]) && one.Captions[row].SequenceEqual(other.Captions[row]), $"The rows of '{one.Items.IdOf(row)}' differ.");
        }

        Assert.Equal(one.ImageLengths.ToArray(), other.ImageLengths.ToArray());
        Assert.Equal(one.CaptionLengths.ToArray(), other.CaptionLengths.ToArray());
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value >= 12)
            {
                source.Cancel();
            }
        }
    }
}
