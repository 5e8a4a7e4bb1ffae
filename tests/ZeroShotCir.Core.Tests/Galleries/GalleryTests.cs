using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Tests.Galleries;

public sealed class GalleryTests
{
    private static readonly EmbeddingMatrix Images = EmbeddingMatrix.FromRows([[3, 0], [0, 2], [4, 3]]);

    // One caption, none, two.
    private static readonly CaptionEmbeddings Captions = CaptionEmbeddings.FromCounts(EmbeddingMatrix.FromRows([[0, 5], [1, 0], [0, 1]]), [1, 0, 2]);

    [Fact]
    public void Items_are_found_by_id_and_by_ordinal()
    {
        Gallery gallery = Gallery.FromEmbeddings(
            ["a", "b", "c"], Images, Captions, [["one"], [], ["two", "three"]], [Meta("1"), Meta("2"), Meta("3")]);

        Assert.Equal((3, 3, 2, 3L), (gallery.Count, gallery.OrdinalCount, gallery.Dimensions, gallery.CaptionCount));
        Assert.Equal(1, gallery.OrdinalOf("b"));
        Assert.Equal("c", gallery.IdOf(2));
        Assert.Equal(["two", "three"], gallery.ItemAt(2).Captions);
        Assert.Equal("2", gallery.ItemAt(1).Metadata["file"]);
        Assert.False(gallery.TryGetOrdinal("A", out int none));
        Assert.Equal(-1, none);

        static Dictionary<string, string> Meta(string value) => new() { ["file"] = value };
    }

    [Fact]
    public void Raw_embeddings_come_back()
    {
        Gallery gallery = Gallery.FromEmbeddings(["a", "b", "c"], Images, Captions);
        float[] image = new float[2];
        gallery.CopyImage(2, image);
        Assert.Equal([4, 3], image);
        Assert.Equal([1, 0, 0, 1], gallery.CopyCaptions(2).Values.ToArray());
        Assert.Equal(0, gallery.CopyCaptions(1).Rows);
        Assert.Equal([1, 0, 2], Enumerable.Range(0, 3).Select(gallery.CaptionCountOf));
    }

    [Fact]
    public void Folding_takes_the_mean_over_the_captions_an_item_has()
    {
        Gallery gallery = Gallery.FromEmbeddings(["a", "b", "c"], Images, Captions);
        EmbeddingMatrix folded = Assert.Single(gallery.Fold(0.5));
        AssertClose([0.5f, 0.5f, 0, 1, 0.4f + 0.25f, 0.3f + 0.25f], folded.Values);
    }

    [Fact]
    public void The_empty_text_stands_in_where_it_is_given()
    {
        Gallery gallery = Gallery.FromEmbeddings(["a", "b", "c"], Images, Captions);
        EmbeddingMatrix folded = Assert.Single(gallery.Fold(0.5, [6, 0]));
        AssertClose([0.5f, 0.5f, 0.5f, 0.5f], folded.Values[..4]);
    }

    [Fact]
    public void Without_captions_or_weight_the_unit_rows_are_searched_without_a_copy()
    {
        Gallery gallery = Gallery.FromEmbeddings(["a", "b", "c"], Images);
        Assert.True(gallery.Fold(0)[0].Values.Overlaps(gallery.Fold(0.7)[0].Values));
    }

    [Fact]
    public void Items_without_captions_are_stacked_with_the_empty_text_or_with_their_image_in_a_block_of_its_own()
    {
        Gallery gallery = Gallery.FromEmbeddings(["a", "b", "c"], Images, Captions);
        AssertClose([1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0.8f, 0.6f, 1, 0, 0, 0], Assert.Single(gallery.Stack(1)).Values);
        EmbeddingMatrix stacked = Assert.Single(gallery.Stack(1, [0, -9]));
        AssertClose([1, 0, 0, 1, 0, 1, 0, -1, 0.8f, 0.6f, 1, 0], stacked.Values);
    }

    [Fact]
    public void An_empty_gallery_is_a_gallery()
    {
        Gallery gallery = Gallery.FromEmbeddings([], EmbeddingMatrix.Allocate(0, 4, out _));
        Assert.Equal(0, gallery.Count);
        Assert.Equal(0, gallery.CreateIndex(0.3).Search([1, 0, 0, 0], new SearchHit[3], gallery.Scope()).Found);
        Assert.Contains("It is empty", Assert.Throws<UnknownItemException>(() => gallery.OrdinalOf("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_id_is_named_with_a_hint()
    {
        Gallery gallery = Gallery.FromEmbeddings(["a.png", "b", "c"], Images);
        UnknownItemException e = Assert.Throws<UnknownItemException>(() => gallery.OrdinalOf("a"));
        Assert.Equal("a", e.Id);
        Assert.Contains("'a'", e.Message, StringComparison.Ordinal);
        Assert.Contains("the first is 'a.png'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_refused_and_named()
    {
        Assert.Contains("'a' occurs twice, as items 0 and 2", Assert.Throws<InvalidGalleryException>(
            () => Gallery.FromEmbeddings(["a", "b", "a"], Images)).Message, StringComparison.Ordinal);
        Assert.Contains("empty id", Assert.Throws<InvalidGalleryException>(
            () => Gallery.FromEmbeddings(["a", "", "c"], Images)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("images", () => Gallery.FromEmbeddings(["a"], Images));
        Assert.Throws<ArgumentException>("captionTexts", () => Gallery.FromEmbeddings(["a", "b", "c"], Images, Captions, [["x"], ["y"], []]));
        Assert.Contains("'b' has the length 0", Assert.Throws<InvalidEmbeddingException>(
            () => Gallery.FromEmbeddings(["a", "b"], EmbeddingMatrix.FromRows([[1, 0], [0, 0]]))).Message, StringComparison.Ordinal);
        Assert.Contains("'b' has the value NaN", Assert.Throws<InvalidEmbeddingException>(
            () => Gallery.FromEmbeddings(["a", "b"], EmbeddingMatrix.FromRows([[1, 0], [float.NaN, 0]]))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidEmbeddingException>(() => Gallery.FromEmbeddings(
            ["a"], EmbeddingMatrix.FromRows([[1, 0]]), CaptionEmbeddings.FromCounts(EmbeddingMatrix.FromRows([[1, 0, 0]]), [1])));
        Gallery gallery = Gallery.FromEmbeddings(["a", "b", "c"], Images, Captions);
        Assert.Throws<ArgumentOutOfRangeException>(() => gallery.IdOf(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => gallery.Fold(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => gallery.Fold(double.NaN));
        Assert.Throws<InvalidEmbeddingException>(() => gallery.Fold(0.5, [1, 2, 3]));
        Assert.Throws<InvalidEmbeddingException>(() => gallery.Fold(0.5, [0, 0]));
    }

    [Fact]
    public void Appending_the_cosine_component_gives_unit_rows_and_keeps_inner_products()
    {
        Gallery gallery = Gallery.FromEmbeddings(["a", "b", "c"], Images, Captions);
        EmbeddingMatrix folded = Assert.Single(gallery.Fold(0.4));
        for (int n = 0; n < 3; n++)
        {
            float[] lifted = [.. folded[n], Folding.CosineComponent(folded[n])];
            Assert.Equal(1, UnitVector.Length(lifted), 1e-6);
        }
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-6f);
        }
    }
}
