using System.Text.Json.Nodes;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;

namespace ZeroShotCir.Tests.Features;

public sealed class FeatureFolderTests
{
    [Fact]
    public void A_folder_for_another_data_set_split_or_category_is_refused()
    {
        using TemporaryFolder root = new();
        EvaluationDataset dataset = World(root);
        Assert.NotNull(FeatureFolder.Read(root.Path, dataset));
        FeatureDescription description = FeatureFolder.Describe(root.Path);
        Assert.Equal(("fashioniq", "val", "dress"), (description.Dataset, description.Split, description.Category));
        Refuse(root, dataset with { Name = "cirr" }, "data set 'fashioniq'", "'cirr'");
        Refuse(root, dataset with { Split = "test" }, "split 'val'", "'test'");
        Refuse(root, dataset with { Category = "shirt" }, "category 'dress'", "'shirt'");
        Refuse(root, dataset with { Queries = [.. dataset.Queries, dataset.Queries[0]] }, "has 1 queries", "2 as in the annotation file");
        Refuse(root, dataset with { Gallery = [dataset.Gallery[1], dataset.Gallery[0]] }, "differ at position 0");
    }

    [Theory]
    [InlineData("image.f32")]
    [InlineData("text.f32")]
    [InlineData("caption_1.f32")]
    public void A_file_of_another_size_is_refused(string file)
    {
        using TemporaryFolder root = new();
        EvaluationDataset dataset = World(root);
        File.WriteAllBytes(root.Of(file), new byte[12]);
        Refuse(root, dataset, file, "12 bytes", "rows of 2 float32");
        File.Delete(root.Of(file));
        Refuse(root, dataset, file, "does not exist");
    }

    [Theory]
    [InlineData("{", "not valid JSON at line 1")]
    [InlineData("{\"dataset\": \"fashioniq\"}", "'split'")]
    [InlineData("null", "found null")]
    public void A_malformed_manifest_is_refused(string content, string part)
    {
        using TemporaryFolder root = new();
        EvaluationDataset dataset = World(root);
        root.Write(content, "features.json");
        Refuse(root, dataset, part);
    }

    [Fact]
    public void A_folder_without_manifest_is_refused()
    {
        using TemporaryFolder root = new();
        EvaluationDataset dataset = World(root);
        File.Delete(root.Of("features.json"));
        Refuse(root, dataset, "features.json' does not exist. Give a folder");
    }

    private static void Refuse(TemporaryFolder root, EvaluationDataset dataset, params string[] parts)
    {
        InvalidDatasetException error = Assert.Throws<InvalidDatasetException>(() => FeatureFolder.Read(root.Path, dataset));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static EvaluationDataset World(TemporaryFolder root)
    {
        JsonObject manifest = new()
        {
            ["dataset"] = "fashioniq",
            ["split"] = "val",
            ["category"] = "dress",
            ["dim"] = 2,
            ["gallery"] = 2,
            ["queries"] = 1,
            ["missing_captions"] = new JsonArray("b"),
            ["files"] = new JsonObject
            {
                ["gallery_names"] = "gallery_names.json",
                ["image"] = "image.f32",
                ["text"] = "text.f32",
                ["captions"] = new JsonArray("caption_1.f32"),
            },
        };
        root.Write(manifest.ToJsonString(), "features.json");
        root.Write("""["a", "b"]""", "gallery_names.json");
        File.WriteAllBytes(root.Of("image.f32"), new byte[16]);
        File.WriteAllBytes(root.Of("caption_1.f32"), new byte[16]);
        File.WriteAllBytes(root.Of("text.f32"), new byte[8]);
        return new EvaluationDataset(
            "fashioniq", "val", [new GalleryImage("a", "a.png"), new GalleryImage("b", "b.png")], [new EvaluationQuery("0", "a", ["x", "y"]) { Target = "b" }])
        {
            Category = "dress",
        };
    }
}
