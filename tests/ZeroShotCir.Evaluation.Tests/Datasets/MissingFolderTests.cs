using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Tests.Datasets;

/// <summary>Data sets whose pictures are not where they are looked for.</summary>
public sealed class MissingFolderTests : IDisposable
{
    private static readonly byte[] Picture = [1];
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_folder_that_lies_elsewhere_is_one_problem()
    {
        Put("image_data/dress/a.jpg", "image_data/dress/b.jpg", "image_data/dress/c.jpg");
        DatasetReport report = Check(FashionIq());
        MissingFolder folder = Assert.Single(report.MissingFolders);
        Assert.Equal((_root.Of("images"), 3, false, _root.Of("image_data", "dress")), (folder.Path, folder.Images, folder.Exists, folder.FoundIn));
        Assert.All(report.ImageProblems, problem => Assert.True(folder.Explains(problem)));
        Assert.Equal((3, 0), (report.Missing, report.UsableQueries));
    }

    [Fact]
    public void A_folder_that_holds_its_pictures_one_folder_deeper_is_one_problem()
    {
        Put("images/images/a.png", "images/images/b.png", "images/images/c.png");
        MissingFolder folder = Assert.Single(Check(FashionIq()).MissingFolders);
        Assert.Equal((_root.Of("images"), true, _root.Of("images", "images")), (folder.Path, folder.Exists, folder.FoundIn));
    }

    [Fact]
    public void Single_pictures_that_are_missing_are_no_folder()
    {
        Put("images/a.png");
        DatasetReport report = Check(FashionIq());
        Assert.Empty(report.MissingFolders);
        Assert.Equal(["b", "c"], report.ImageProblems.Select(problem => problem.Name));
    }

    [Fact]
    public void Folders_of_a_missing_folder_are_not_told_one_by_one()
    {
        _root.Write("""[{"pairid": 1, "reference": "a", "target_hard": "b", "caption": "x", "img_set": {"members": ["a", "b"]}}]""", "captions", "cap.rc2.val.json");
        _root.Write("""{"a": "./dev/1/a.png", "b": "./dev/2/b.png", "c": "./dev/2/c.png"}""", "image_splits", "split.rc2.val.json");
        Put("unpacked/nlvr2/dev/1/a.png");
        MissingFolder folder = Assert.Single(Check(CirrReader.Read(_root.Path)).MissingFolders);
        Assert.Equal((_root.Of("img_raw"), 3, _root.Of("unpacked", "nlvr2")), (folder.Path, folder.Images, folder.FoundIn));
        Assert.Contains("unpacked", folder.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_are_nowhere_are_said_to_be_nowhere()
    {
        MissingFolder folder = Assert.Single(Check(FashionIq()).MissingFolders);
        Assert.Null(folder.FoundIn);
        Assert.Contains("does not exist; 3 images", folder.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Circo_without_its_index_is_not_complete()
    {
        _root.Write("""[{"id": 0, "reference_img_id": 1, "target_img_id": 2, "relative_caption": "x", "gt_img_ids": [2]}]""", "annotations", "val.json");
        DatasetReport report = Check(CircoReader.Read(_root.Path));
        Assert.False(report.IsComplete);
        Assert.Equal((0, 1, 0), (report.Gallery, report.Queries, report.UsableQueries));
    }

    [Theory]
    [InlineData("COCO2017_unlabeled/")]
    [InlineData("")]
    public void Circo_s_pictures_lie_in_their_folder_or_beside_the_annotations(string folder)
    {
        _root.Write("""[{"id": 0, "reference_img_id": 1, "target_img_id": 2, "relative_caption": "x", "gt_img_ids": [2]}]""", "annotations", "val.json");
        _root.Write(
            """{"images": [{"id": 1, "file_name": "000000000001.jpg"}, {"id": 2, "file_name": "000000000002.jpg"}]}""",
            [.. $"{folder}annotations/image_info_unlabeled2017.json".Split('/')]);
        Put($"{folder}unlabeled2017/000000000001.jpg", $"{folder}unlabeled2017/000000000002.jpg");
        DatasetReport report = Check(CircoReader.Read(_root.Path));
        Assert.True(report.IsComplete);
        Assert.Equal(1, report.UsableQueries);
    }

    [Fact]
    public void An_empty_file_does_not_hide_a_good_one_of_the_same_name()
    {
        Put("images/a.jpg", "images/b.png", "images/b.jpg");
        _root.Write("", "images", "a.png");
        _root.Write("", "images", "c.jpg");
        Assert.Equal(["a.jpg", "b.png", "c.jpg"], FashionIq().Gallery.Select(image => Path.GetFileName(image.Path)));
    }

    private EvaluationDataset FashionIq()
    {
        _root.Write("""[{"candidate": "a", "target": "b", "captions": ["is red", "is long"]}]""", "captions", "cap.dress.val.json");
        _root.Write("""["a", "b", "c"]""", "image_splits", "split.dress.val.json");
        return FashionIqReader.Read(_root.Path, "dress");
    }

    private static DatasetReport Check(EvaluationDataset dataset) => new DatasetChecker().Check(dataset, cancellationToken: TestContext.Current.CancellationToken);

    private void Put(params ReadOnlySpan<string> files)
    {
        foreach (string file in files)
        {
            string path = _root.Of(file.Split('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Picture);
        }
    }
}
