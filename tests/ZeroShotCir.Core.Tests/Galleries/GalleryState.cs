using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Tests.Galleries;

/// <summary>Compares what a gallery holds with what it should hold: ids, order, embeddings, captions, metadata.</summary>
internal static class GalleryState
{
    public static void AssertEqual(IReadOnlyList<GalleryEntry> expected, Gallery actual)
    {
        int[] ordinals = [.. Enumerable.Range(0, actual.OrdinalCount).Where(ordinal => !actual.IsRemoved(ordinal))];
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.Select(entry => entry.Id), ordinals.Select(actual.IdOf));
        float[] image = new float[actual.Dimensions];
        for (int i = 0; i < expected.Count; i++)
        {
            GalleryEntry entry = expected[i];
            GalleryItem item = actual.ItemAt(ordinals[i]);
            Assert.Equal(ordinals[i], actual.OrdinalOf(entry.Id));
            Assert.Equal(entry.Captions, item.Captions);
            Assert.Equal(entry.Metadata, item.Metadata);
            actual.CopyImage(ordinals[i], image);
            AssertClose(entry.Image.Span, image);
            AssertClose(entry.CaptionEmbeddings.Span, actual.CopyCaptions(ordinals[i]).Values);
        }
    }

    public static void AssertValid(string folder)
    {
        GalleryVerification verification = GalleryVerifier.Verify(folder);
        Assert.True(verification.IsValid, string.Join(Environment.NewLine, verification.Problems));
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5f);
        }
    }
}
