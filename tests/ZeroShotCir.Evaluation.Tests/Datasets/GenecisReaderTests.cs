using System.Buffers.Binary;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Datasets;

public sealed class GenecisReaderTests
{
    [Fact]
    public void Object_tasks_read_coco_images_and_a_gallery_of_their_own()
    {
        using TemporaryFolder root = new();
        root.Write("""
            [{"reference": {"val_image_id": 9}, "target": {"val_image_id": 5}, "gallery": [{"val_image_id": 3}, {"val_image_id": 7}], "condition": "with a ball"}]
            """, "genecis", "focus_object.json");
        EvaluationDataset dataset = GenecisReader.Read(root.Path, "focus_object");
        EvaluationQuery query = Assert.Single(dataset.Queries);
        Assert.Equal(["000000000003", "000000000005", "000000000007", "000000000009"], dataset.Gallery.Select(image => image.Name));
        Assert.Equal("000000000005", query.Target);
        Assert.Equal(3, query.Candidates.Count);
        Assert.Equal(["with a ball"], query.Captions);
        Assert.Equal(root.Of("val2017", "000000000003.jpg"), dataset.Gallery[0].Path);
        Assert.Equal("focus_object", dataset.Category);
    }

    [Fact]
    public void Attribute_tasks_read_cut_outs()
    {
        using TemporaryFolder root = new();
        root.Write("""
            [{"reference": {"image_id": 1, "instance_bbox": [1, 2, 3, 4.5]}, "target": {"image_id": 1, "instance_bbox": [0, 0, 9, 9]}, "gallery": [], "condition": "blue"}]
            """, "change_attribute.json");
        EvaluationDataset dataset = GenecisReader.Read(root.Path, "change_attribute");
        Assert.Equal(["1:0,0,9,9", "1:1,2,3,4.5"], dataset.Gallery.Select(image => image.Name));
        Assert.Equal(new ImageCrop(1, 2, 3, 4.5), dataset.Gallery[1].Crop);
    }

    [Fact]
    public void Each_query_is_ranked_among_its_own_candidates()
    {
        // The reference and image 3 score highest for both queries, but are no candidates of the second.
        using TemporaryFolder root = new();
        root.Write("""
            [{"reference": {"val_image_id": 9}, "target": {"val_image_id": 5}, "gallery": [{"val_image_id": 3}, {"val_image_id": 7}], "condition": "x"},
             {"reference": {"val_image_id": 9}, "target": {"val_image_id": 5}, "gallery": [{"val_image_id": 7}], "condition": "x"}]
            """, "focus_object.json");
        EvaluationDataset dataset = GenecisReader.Read(root.Path, "focus_object");
        EvaluationFeatures features = new(
            "test",
            [.. dataset.Gallery.Select(image => image.Name)],
            EmbeddingMatrix.FromRows([[1, 0], [0.8f, 0.6f], [0, 1], [1, 0]]),
            [],
            [],
            EmbeddingMatrix.FromRows([[1, 0], [1, 0]]));
        EvaluationResult result = new EvaluationRunner(dataset, features).Evaluate(new EvaluationSetting { Beta = 0 }, TestContext.Current.CancellationToken);
        Assert.Equal([2, 1], result.Ranks.Select(ranks => ranks.Target));
        Assert.Equal(50, result.Metrics["R@1"]);
        Assert.Equal(100, result.Metrics["R@2"]);
    }

    [Theory]
    [InlineData(10, 10, 10, 4, 3, 7, 17, 7, 17)] // grows to the left and upwards, far edges stay
    [InlineData(0, 0, 10, 4, 0, 0, 17, 7, 17)] // the image's edge stops the growth, which goes to the other side
    [InlineData(90, 40, 10, 10, 83, 33, 17, 17, 17)]
    public void A_box_grows_and_is_padded_to_a_square(int x, int y, int w, int h, int left, int top, int width, int height, int side)
    {
        // Every pixel tells its place.
        byte[] pixels = new byte[100 * 50 * 3];
        for (int i = 0; i < pixels.Length / 3; i++)
        {
            pixels[i * 3] = (byte)(1 + (i % 100));
            pixels[(i * 3) + 1] = (byte)(1 + (i / 100));
            pixels[(i * 3) + 2] = 200;
        }

        ReadOnlySpan<byte> bitmap = new ImageCrop(x, y, w, h).Apply(new RgbImage(pixels, 100, 50), "test").Data.Span;
        Assert.Equal(side, BinaryPrimitives.ReadInt32LittleEndian(bitmap[18..]));
        int stride = ((side * 3) + 3) / 4 * 4;
        int offset = 54 + ((side - 1 - ((side - height) / 2)) * stride) + ((side - width) / 2 * 3);
        Assert.Equal([200, (byte)(1 + top), (byte)(1 + left)], bitmap.Slice(offset, 3).ToArray());
        int painted = 0;
        for (int i = 54; i < bitmap.Length; i++)
        {
            painted += bitmap[i] != 0 ? 1 : 0;
        }

        Assert.Equal(width * height * 3, painted);
    }
}
