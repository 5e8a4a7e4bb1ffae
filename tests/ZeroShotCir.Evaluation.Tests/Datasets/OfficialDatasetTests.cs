using System.Text.Json;
using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Tests.Datasets;

public sealed class OfficialDatasetTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("dress", "val")]
    [InlineData("dress", "test")]
    [InlineData("shirt", "val")]
    [InlineData("shirt", "test")]
    [InlineData("toptee", "val")]
    [InlineData("toptee", "test")]
    public void FashionIq_has_the_counted_contents(string category, string split)
    {
        JsonElement stats = Stats("fashioniq").GetProperty($"{category}.{split}");
        EvaluationDataset dataset = FashionIqReader.Read(RepositoryPaths.Golden("datasets", "FashionIQ"), category, split);
        Assert.Equal(stats.Number("queries"), dataset.Queries.Count);
        Assert.Equal(stats.Number("gallery"), dataset.Gallery.Count);
        Assert.Equal(stats.Number("captions"), dataset.Queries.Sum(query => query.Captions.Count));
        Assert.Equal(
            stats.Number("captions_with_substring_and"), dataset.Queries.SelectMany(query => query.Captions).Count(caption => caption.Contains("and", StringComparison.Ordinal)));
        Assert.Equal(stats.Number("distinct_references"), dataset.Queries.Select(query => query.Reference).Distinct().Count());
        Assert.Equal(split == "val", dataset.HasTargets);
        DatasetReport report = new DatasetChecker().Check(dataset, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(
            stats.GetProperty("blank_caption_positions").EnumerateArray().Select(place => $"{place[0]}"),
            report.BlankCaptions);
        if (split == "val")
        {
            EvaluationDataset union = FashionIqReader.Read(RepositoryPaths.Golden("datasets", "FashionIQ"), category, split, GalleryProtocol.ValUnion);
            Assert.Equal(stats.Number("val_union_gallery"), union.Gallery.Count);
            Assert.Equal($"fashioniq-{category}-val-union", union.Label);
        }

        output.WriteLine($"{dataset.Label}: {dataset.Queries.Count} queries, {dataset.Gallery.Count} images, {report.BlankCaptions.Count} blank captions");
    }

    [Fact]
    public void FashionIq_galleries_have_the_counted_union()
    {
        foreach (string split in (string[])["val", "test"])
        {
            IReadOnlyList<EvaluationDataset> all = DatasetReader.Read("fashioniq", RepositoryPaths.Golden("datasets", "FashionIQ"), split);
            Assert.Equal(["dress", "shirt", "toptee"], all.Select(dataset => dataset.Category));
            Assert.Equal(
                Stats("fashioniq").GetProperty($"all.{split}").Number("gallery_union"),
                all.SelectMany(dataset => dataset.Gallery).Select(image => image.Name).Distinct().Count());
        }
    }

    [Theory]
    [InlineData("val")]
    [InlineData("test1")]
    public void Cirr_has_the_counted_contents(string split)
    {
        JsonElement stats = Stats("cirr").GetProperty(split);
        EvaluationDataset dataset = CirrReader.Read(RepositoryPaths.Golden("datasets", "CIRR"), split);
        Assert.Equal(stats.Number("queries"), dataset.Queries.Count);
        Assert.Equal(stats.Number("gallery"), dataset.Gallery.Count);
        Assert.Equal(stats.GetProperty("first_pairids").Ints().Select(id => $"{id}"), dataset.Queries.Take(5).Select(query => query.Id));
        Assert.All(dataset.Queries, query => Assert.Equal(5, query.Subset.Count));
        Assert.Equal(stats.Number("distinct_references"), dataset.Queries.Select(query => query.Reference).Distinct().Count());
        Assert.Equal(stats.Number("blank_captions"), new DatasetChecker().Check(dataset, cancellationToken: TestContext.Current.CancellationToken).BlankCaptions.Count);
        Assert.Equal(split == "val", dataset.HasTargets);
        Assert.True(dataset.ExcludesReference);
    }

    [Fact]
    public void Cirr_images_are_found_in_both_layouts()
    {
        string golden = RepositoryPaths.Golden("datasets", "CIRR", "cirr");
        using TemporaryFolder root = new();
        foreach (string folder in (string[])["captions", "image_splits"])
        {
            Directory.CreateDirectory(root.Of("cirr", folder));
            foreach (string file in Directory.GetFiles(Path.Combine(golden, folder), "*.val.json"))
            {
                File.Copy(file, root.Of("cirr", folder, Path.GetFileName(file)));
            }
        }

        EvaluationDataset none = CirrReader.Read(root.Path);
        Assert.StartsWith(root.Of("cirr", "img_raw", "dev"), none.Gallery[0].Path, StringComparison.Ordinal);

        Directory.CreateDirectory(root.Of("dev"));
        Assert.StartsWith(root.Of("dev"), CirrReader.Read(root.Path).Gallery[0].Path, StringComparison.Ordinal);

        Directory.CreateDirectory(root.Of("cirr", "img_raw", "dev"));
        Assert.StartsWith(root.Of("cirr", "img_raw", "dev"), CirrReader.Read(root.Path).Gallery[0].Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Circo_has_the_counted_contents()
    {
        foreach (string split in (string[])["val", "test"])
        {
            JsonElement stats = Stats("circo").GetProperty(split);
            EvaluationDataset dataset = CircoReader.Read(RepositoryPaths.Golden("datasets", "CIRCO"), split);
            Assert.Equal(stats.Number("queries"), dataset.Queries.Count);
            Assert.Equal(stats.Number("distinct_shared_concepts"), dataset.Queries.Select(query => query.SharedConcept).Distinct().Count());
            Assert.Equal(split == "val", dataset.HasTargets);
            if (split == "val")
            {
                Assert.Equal(stats.Number("ground_truths"), dataset.Queries.Sum(query => query.GroundTruths.Count));
                foreach (JsonProperty aspect in stats.GetProperty("semantic_aspect_counts").EnumerateObject())
                {
                    Assert.Equal(aspect.Value.GetInt32(), dataset.Queries.Count(query => query.SemanticAspects.Contains(aspect.Name)));
                }
            }
        }
    }

    private static JsonElement Stats(string dataset) => GoldenJson.Read(RepositoryPaths.Golden("datasets", "stats.json")).GetProperty(dataset);
}
