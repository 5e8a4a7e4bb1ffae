using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Tests.Datasets;

public sealed class InvalidDatasetTests
{
    private const string GoodCaptions = """[{"candidate": "a", "target": "b", "captions": ["is red", "is long"]}]""";

    public static TheoryData<string, string, string[]> MalformedFashionIq => new()
    {
        { "[{]", """["a", "b"]""", ["cap.dress.val.json", "line 1", "byte 3"] },
        { "{}", """["a", "b"]""", ["cap.dress.val.json", "expected a JSON array", "found an object"] },
        { "[1]", """["a", "b"]""", ["entry 0", "expected a JSON object", "found 1"] },
        { "[]", """["a", "b"]""", ["holds no query"] },
        { """[{"candidate": "a", "captions": ["x", "y"]}, {"captions": ["x", "y"]}]""", """["a"]""", ["entry 1", "'candidate'", "found nothing"] },
        { """[{"candidate": "a", "captions": ["x"]}]""", """["a"]""", ["entry 0, 'captions'", "expected two captions", "found an array of 1"] },
        { """[{"candidate": "a", "captions": ["x", 2]}]""", """["a"]""", ["entry 0, 'captions[1]'", "expected a text", "found 2"] },
        { """[{"candidate": 7, "captions": ["x", "y"]}]""", """["a"]""", ["entry 0, 'candidate'", "expected an image name", "found 7"] },
        { GoodCaptions, """["a", "a", "b"]""", ["'a' twice"] },
        { GoodCaptions, """["a"]""", ["query 0", "'b' is not in the gallery"] },
        { GoodCaptions, """{"a": 1}""", ["split.dress.val.json", "array of image names"] },
        { GoodCaptions, """["a", null]""", ["split.dress.val.json", "entry 1"] },
    };

    [Theory]
    [MemberData(nameof(MalformedFashionIq))]
    public void Malformed_FashionIq_files_are_refused_with_their_place(string captions, string split, string[] parts)
    {
        using TemporaryFolder root = new();
        root.Write(captions, "captions", "cap.dress.val.json");
        root.Write(split, "image_splits", "split.dress.val.json");
        InvalidDatasetException error = Assert.Throws<InvalidDatasetException>(() => FashionIqReader.Read(root.Path, "dress"));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_annotation_file_is_named_with_what_to_give()
    {
        using TemporaryFolder root = new();
        Assert.Contains("cap.dress.val.json", Error(() => FashionIqReader.Read(root.Path, "dress")), StringComparison.Ordinal);
        Assert.Contains("'cirr'", Error(() => CirrReader.Read(root.Path)), StringComparison.Ordinal);
        Assert.Contains("COCO2017_unlabeled", Error(() => CircoReader.Read(root.Path)), StringComparison.Ordinal);
        Assert.Contains("focus_attribute", Error(() => GenecisReader.Read(root.Path, "focus_object")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"pairid": 1, "reference": "a", "target_hard": "a", "caption": "x", "img_set": {"members": ["a", "b"]}}]""", "is the reference")]
    [InlineData("""[{"pairid": 1, "reference": "a", "target_hard": "b", "caption": "x", "img_set": {"members": ["a", "c"]}}]""", "not in its image set")]
    [InlineData("""[{"pairid": 1, "reference": "a", "target_hard": "b", "caption": "x"}]""", "'img_set'")]
    [InlineData("""[{"pairid": "1", "reference": "a", "caption": "x", "img_set": {"members": []}}]""", "an integer")]
    [InlineData(
        """[{"pairid": 1, "reference": "a", "caption": "x", "img_set": {"members": ["b"]}}, """
        + """{"pairid": 1, "reference": "a", "caption": "x", "img_set": {"members": ["b"]}}]""",
        "two queries of id 1")]
    public void Cirr_queries_that_contradict_themselves_are_refused(string captions, string part)
    {
        using TemporaryFolder root = new();
        root.Write(captions, "captions", "cap.rc2.val.json");
        root.Write("""{"a": "./dev/a.png", "b": "./dev/b.png", "c": "./dev/c.png"}""", "image_splits", "split.rc2.val.json");
        Assert.Contains(part, Error(() => CirrReader.Read(root.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Circo_ground_truths_must_be_distinct_and_hold_the_target()
    {
        using TemporaryFolder root = new();
        root.Write("""[{"id": 0, "reference_img_id": 1, "target_img_id": 2, "relative_caption": "x", "shared_concept": "y", "gt_img_ids": [3, 3]}]""", "annotations", "val.json");
        Assert.Contains("query 0", Error(() => CircoReader.Read(root.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_names_and_categories_are_wrong_arguments()
    {
        Assert.Throws<ArgumentException>("name", () => DatasetReader.Read("imagenet", "."));
        Assert.Throws<ArgumentException>("asked", () => DatasetReader.Read("fashioniq", ".", categories: ["hats"]));
        Assert.Throws<ArgumentException>("categories", () => DatasetReader.Read("cirr", ".", categories: ["dress"]));
    }

    private static string Error(Func<object> read) => Assert.Throws<InvalidDatasetException>(read).Message;
}
