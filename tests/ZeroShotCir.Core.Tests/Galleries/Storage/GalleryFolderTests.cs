using System.Text.Json.Nodes;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Errors;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Similarity;
using ZeroShotCir.Tests.GalleryWriting;

namespace ZeroShotCir.Tests.Galleries.Storage;

public sealed class GalleryFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Folder => _temporary.File("gallery");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_folder_holds_what_was_committed_across_merges_compaction_and_refolding()
    {
        using (GalleryWriter writer = GalleryWriter.Open(Folder, Workload.Model))
        {
            for (int step = 1; step <= 40; step++)
            {
                Workload.Apply(writer, step);
                Assert.Equal(Workload.StateAfter(step).Count, writer.Count);
                writer.Commit();
                GalleryState.AssertEqual(Workload.StateAfter(step), writer.Committed);
            }

            GalleryState.AssertValid(Folder);
            Assert.InRange(writer.Committed.Segments.Count, 1, 16);
            writer.Refold(0.4);
            Assert.Equal(0.4, Gallery.Open(Folder).StoredBeta);
            GalleryState.AssertEqual(Workload.StateAfter(40), Gallery.Open(Folder));
            writer.Compact();
        }

        Gallery compacted = Gallery.Open(Folder);
        Assert.Equal(compacted.Count, compacted.OrdinalCount);
        Assert.Single(compacted.Segments);
        GalleryState.AssertEqual(Workload.StateAfter(40), compacted);
        GalleryState.AssertValid(Folder);
    }

    [Fact]
    public void A_mapped_gallery_searches_like_one_in_memory_for_every_caption_weight()
    {
        Gallery mapped = Write(20);
        Assert.True(mapped.OrdinalCount > mapped.Count, "Some items should be removed and not compacted.");
        IReadOnlyList<GalleryEntry> state = Workload.StateAfter(20);
        float[] captions = [.. state.SelectMany(entry => entry.CaptionEmbeddings.ToArray())];
        Gallery memory = Gallery.FromEmbeddings(
            [.. state.Select(entry => entry.Id)],
            EmbeddingMatrix.FromRows([.. state.Select(entry => entry.Image.ToArray())]),
            CaptionEmbeddings.FromCounts(EmbeddingMatrix.Copy(captions, Workload.Dimensions), [.. state.Select(entry => entry.Captions.Count)]));
        float[] query = [.. Enumerable.Range(0, Workload.Dimensions).Select(i => MathF.Sin(i * 1.7f))];
        foreach (double weight in (double[])[0, 0.1, 0.35, 1])
        {
            SearchHit[] expected = new SearchHit[state.Count];
            SearchHit[] actual = new SearchHit[state.Count];
            Assert.Equal(state.Count, memory.CreateIndex(weight).Search(query, expected, memory.Scope()).Found);
            Assert.Equal(state.Count, mapped.CreateIndex(weight).Search(query, actual, mapped.Scope()).Found);
            Assert.Equal(expected.Select(hit => memory.IdOf(hit.Ordinal)), actual.Select(hit => mapped.IdOf(hit.Ordinal)));
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-6f));
        }
    }

    [Fact]
    public void The_stored_weight_and_the_weight_zero_are_searched_without_a_copy()
    {
        Gallery gallery = Write(3);
        Assert.Equal(gallery.Segments.Count, gallery.Fold(0.1).Zip(gallery.Fold(0.1)).Count(pair => pair.First.Values.Overlaps(pair.Second.Values)));
        Assert.True(gallery.Fold(0)[0].Values.Overlaps(gallery.Fold(0)[0].Values));
        Assert.False(gallery.Fold(0.2)[0].Values.Overlaps(gallery.Fold(0.2)[0].Values));
        Assert.All(gallery.Segments, segment => Assert.NotNull(segment.Compressed));
    }

    [Fact]
    public void A_second_writer_is_refused_and_readers_are_not()
    {
        Write(2);
        using GalleryWriter first = GalleryWriter.Open(Folder, Workload.Model);
        GalleryLockedException e = Assert.Throws<GalleryLockedException>(() => GalleryWriter.Open(Folder, Workload.Model));
        Assert.Contains(Folder, e.Message, StringComparison.Ordinal);
        GalleryState.AssertEqual(Workload.StateAfter(2), Gallery.Open(Folder));
        first.Dispose();
        GalleryWriter.Open(Folder, Workload.Model).Dispose();
    }

    [Fact]
    public void An_open_gallery_stays_as_it_was_while_the_folder_changes()
    {
        Gallery before = Write(4);
        Write(15);
        GC.Collect();
        GalleryState.AssertEqual(Workload.StateAfter(4), before);
    }

    [Fact]
    public void Another_model_is_refused()
    {
        Gallery gallery = Write(1);
        Assert.Contains("'other'", Assert.Throws<InvalidGalleryException>(
            () => GalleryWriter.Open(Folder, Workload.Model with { ImageModelId = "other" })).Message, StringComparison.Ordinal);
        Assert.Contains("17", Assert.Throws<InvalidGalleryException>(
            () => GalleryWriter.Open(Folder, Workload.Model with { Dimensions = 17 })).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidGalleryException>(() => gallery.ThrowIfOther(new EncoderInfo("images", 16, false), new EncoderInfo("other", 16, false)));
        gallery.ThrowIfOther(new EncoderInfo("images", 16, false), new EncoderInfo("texts", 16, true));
    }

    [Fact]
    public void Entries_that_cannot_be_searched_are_refused_and_the_writer_goes_on()
    {
        using GalleryWriter writer = GalleryWriter.Open(Folder, Workload.Model);
        float[] good = [.. Enumerable.Repeat(1f, 16)];
        writer.Add(new GalleryEntry("a", good));
        Assert.Contains("already has", Assert.Throws<InvalidGalleryException>(() => writer.Add(new GalleryEntry("a", good))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidEmbeddingException>(() => writer.Add(new GalleryEntry("b", new float[15])));
        Assert.Contains("'b' has the length 0", Assert.Throws<InvalidEmbeddingException>(() => writer.Add(new GalleryEntry("b", new float[16]))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidEmbeddingException>(() => writer.Add(new GalleryEntry("b", Enumerable.Repeat(float.NaN, 16).ToArray())));
        Assert.Throws<InvalidGalleryException>(() => writer.Add(new GalleryEntry("b", good) { Captions = ["x", "y"], CaptionEmbeddings = good }));
        Assert.Throws<InvalidEmbeddingException>(() => writer.Add(new GalleryEntry("b", good) { Captions = ["x"], CaptionEmbeddings = new float[16] }));
        writer.Commit();
        Assert.Contains("already has", Assert.Throws<InvalidGalleryException>(() => writer.Add(new GalleryEntry("a", good))).Message, StringComparison.Ordinal);
        Assert.True(writer.Remove("a"));
        Assert.False(writer.Remove("a"));
        Assert.Throws<InvalidOperationException>(writer.Compact);
        writer.Add(new GalleryEntry("a", good) { Captions = ["again"], CaptionEmbeddings = good });
        writer.Commit();
        Assert.Equal(["again"], Gallery.Open(Folder).ItemAt(Gallery.Open(Folder).OrdinalOf("a")).Captions);
        Assert.True(writer.Remove("a"));
        writer.Commit();
        Assert.Equal(0, Gallery.Open(Folder).Count);
        GalleryState.AssertValid(Folder);
    }

    [Fact]
    public void A_folder_that_is_no_gallery_is_refused()
    {
        Directory.CreateDirectory(Folder);
        Assert.Contains("is not a gallery", Assert.Throws<InvalidGalleryException>(() => Gallery.Open(Folder)).Message, StringComparison.Ordinal);
        Assert.Contains("is not a gallery", Assert.Throws<InvalidGalleryException>(() => Gallery.Open(Folder + "-none")).Message, StringComparison.Ordinal);
        using (GalleryWriter writer = GalleryWriter.Open(Folder, Workload.Model))
        {
            writer.Commit();
        }

        Assert.Equal(0, Gallery.Open(Folder).Count);
    }

    [Theory]
    [InlineData("version", "6", "format version 6")]
    [InlineData("resolution", "\"half\"", "'resolution': expected 'full' or 'reduced', found \"half\"")]
    [InlineData("format", "\"other\"", "'format': expected 'zeroshotcir-gallery', found \"other\"")]
    [InlineData("gallery", "\"00\"", "of this gallery")]
    [InlineData("count", "7000", "found 7000")]
    [InlineData("caption_weight", "3", "expected a number in [0, 1], found 3")]
    [InlineData("model", "{}", "'model.image': expected a text, found nothing")]
    [InlineData("segments", "[{}]", "'segments[0].files': expected a JSON object")]
    [InlineData("segments", "3", "'segments': expected a JSON array, found 3")]
    public void A_manifest_that_cannot_be_trusted_is_refused(string property, string value, string expected)
    {
        Write(2);
        string path = Path.Combine(Folder, "manifest.json");
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest[property] = JsonNode.Parse(value);
        File.WriteAllText(path, manifest.ToJsonString());
        Assert.Contains(expected, Assert.Throws<InvalidGalleryException>(() => Gallery.Open(Folder)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidGalleryException>(() => GalleryWriter.Open(Folder, Workload.Model));
    }

    [Fact]
    public void Names_that_lead_out_of_the_folder_are_refused()
    {
        Write(1);
        string path = Path.Combine(Folder, "manifest.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("segment-000001.images.safetensors", "../segment-000001.images.safetensors", StringComparison.Ordinal));
        Assert.Contains("the name of a segment's file", Assert.Throws<InvalidGalleryException>(() => Gallery.Open(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_missing_swapped_and_foreign_files_are_refused_and_named()
    {
        Write(5);
        string foreign = _temporary.File("foreign");
        using (GalleryWriter writer = GalleryWriter.Open(foreign, Workload.Model))
        {
            for (int step = 1; step <= 5; step++)
            {
                Workload.Apply(writer, step);
                writer.Commit();
            }
        }

        int files = 0;
        foreach (string path in Directory.EnumerateFiles(Folder, "segment-*").Order())
        {
            byte[] good = File.ReadAllBytes(path);
            Refuse(path, () => File.Delete(path), "lacks the file");
            Refuse(path, () => Write(good[..^1]), "cut off");
            Refuse(path, () => Write([]), "cut off");
            if (path.EndsWith(".safetensors", StringComparison.Ordinal))
            {
                Refuse(path, () => Write(File.ReadAllBytes(Path.Combine(foreign, Path.GetFileName(path)))), "swapped or copied");
                Refuse(path, () => Write([.. Enumerable.Repeat((byte)'x', good.Length)]), "cannot be used");
            }

            Write(good);
            files++;

            void Write(byte[] bytes)
            {
                File.Delete(path); // Never in place: the old file may still be mapped.
                File.WriteAllBytes(path, bytes);
            }
        }

        Assert.InRange(files, 20, 60);
        GalleryState.AssertValid(Folder);

        void Refuse(string path, Action damage, string expected)
        {
            damage();
            InvalidGalleryException e = Assert.Throws<InvalidGalleryException>(() => Gallery.Open(Folder));
            Assert.Contains(expected, e.Message, StringComparison.Ordinal);
            Assert.Contains(Path.GetFileName(path), e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Verification_finds_every_flipped_bit()
    {
        Write(3);
        Random random = new(5);
        int flips = 0;
        foreach (string path in Directory.EnumerateFiles(Folder, "segment-*").Order())
        {
            byte[] good = File.ReadAllBytes(path);
            for (int i = 0; i < 4; i++, flips++)
            {
                byte[] bad = [.. good];
                bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
                File.Delete(path);
                File.WriteAllBytes(path, bad);
                GalleryVerification found = GalleryVerifier.Verify(Folder, null, TestContext.Current.CancellationToken);
                Assert.False(found.IsValid);
                Assert.Contains(found.Problems, problem => problem.Contains(Path.GetFileName(path), StringComparison.Ordinal));
                ReadEverything(); // May fail with a typed exception, nothing else.
            }

            File.Delete(path);
            File.WriteAllBytes(path, good);
        }

        Assert.InRange(flips, 60, 200);
        GalleryState.AssertValid(Folder);

        void ReadEverything()
        {
            try
            {
                Gallery gallery = Gallery.Open(Folder);
                for (int ordinal = 0; ordinal < gallery.OrdinalCount; ordinal++)
                {
                    gallery.TryGetOrdinal(gallery.ItemAt(ordinal).Id, out _);
                    gallery.CopyCaptions(ordinal);
                }

                gallery.CreateIndex(0.1).Search(new float[Workload.Dimensions], new SearchHit[5], gallery.Scope());
            }
            catch (ZeroShotCirException)
            {
            }
        }
    }

    private Gallery Write(int lastStep)
    {
        using GalleryWriter writer = GalleryWriter.Open(Folder, Workload.Model);
        for (int step = Workload.StepOf(writer.Committed) + 1; step <= lastStep; step++)
        {
            Workload.Apply(writer, step);
            writer.Commit();
        }

        return Gallery.Open(Folder);
    }
}
