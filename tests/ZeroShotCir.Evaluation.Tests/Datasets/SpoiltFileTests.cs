using System.Formats.Tar;
using System.Text;
using ZeroShotCir.Errors;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Submissions;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests.Datasets;

/// <summary>Whatever disks, editors and attackers make of the files of a data set, it is read or refused by a typed error.</summary>
public sealed class SpoiltFileTests : IDisposable
{
    private const int Tries = 400;
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Spoilt_FashionIQ_is_read_or_refused()
    {
        Write("captions/cap.dress.val.json", """[{"candidate": "a", "target": "b", "captions": ["is red", "is long"]}, {"candidate": "b", "captions": ["x", "y"]}]""");
        Write("image_splits/split.dress.val.json", """["a", "b", "c"]""");
        Spoil(() => Use(FashionIqReader.Read(_root.Path, "dress")), "captions/cap.dress.val.json", "image_splits/split.dress.val.json");
    }

    [Fact]
    public void Spoilt_CIRR_is_read_or_refused()
    {
        Write("captions/cap.rc2.val.json", """[{"pairid": 1, "reference": "a", "target_hard": "b", "caption": "x", "img_set": {"id": 3, "members": ["a", "b", "c"]}}]""");
        Write("image_splits/split.rc2.val.json", """{"a": "./dev/a.png", "b": "./dev/b.png", "c": "dev/c.png"}""");
        Spoil(() => Use(CirrReader.Read(_root.Path)), "captions/cap.rc2.val.json", "image_splits/split.rc2.val.json");
    }

    [Fact]
    public void Spoilt_CIRCO_is_read_or_refused()
    {
        Write(
            "annotations/val.json",
            """[{"reference_img_id": 1, "target_img_id": 2, "relative_caption": "is blue", "shared_concept": "a car", "gt_img_ids": [2, 3]"""
            + """, "id": 0, "semantic_aspects": ["color"]}]""");
        Write("annotations/image_info_unlabeled2017.json", """{"images": [{"id": 1, "file_name": "1.jpg"}, {"id": 2, "file_name": "2.jpg"}, {"id": 3, "file_name": "3.jpg"}]}""");
        Spoil(() => Use(CircoReader.Read(_root.Path)), "annotations/val.json", "annotations/image_info_unlabeled2017.json");
    }

    [Fact]
    public void Spoilt_GeneCIS_is_read_or_refused()
    {
        Write(
            "change_object.json",
            """[{"condition": "car", "reference": {"val_image_id": 5}, "target": {"val_image_id": 6}, "gallery": [{"val_image_id": 7}, {"val_image_id": 8}]}]""");
        Write(
            "focus_attribute.json",
            """[{"condition": "red", "reference": {"image_id": 5, "instance_bbox": [1, 2.5, 30, 40]}"""
            + """, "target": {"image_id": 6, "instance_bbox": [0, 0, 3, 4]}, "gallery": [{"image_id": 7, "instance_bbox": [0, 0, 3, 4]}]}]""");
        Spoil(() => Use(GenecisReader.Read(_root.Path, "change_object")), "change_object.json");
        Spoil(() => Use(GenecisReader.Read(_root.Path, "focus_attribute")), "focus_attribute.json");
    }

    [Fact]
    public void Spoilt_shards_of_i_CIR_are_read_or_refused()
    {
        foreach (string part in (string[])["database", "query"])
        {
            Directory.CreateDirectory(_root.Of("webdataset", part));
            using TarWriter writer = new(File.Create(_root.Of("webdataset", part, "0.tar")), TarEntryFormat.Pax);
            string description = $$"""{"img_path": "icir/{{part}}/1.jpg", "text": "as a toy", "instance": "x"}""";
            foreach ((string name, string content) in (IEnumerable<(string, string)>)[("1.jpg", "picture"), ("1.json", description)])
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
            }
        }

        Spoil(() => Use(IcirReader.Read(_root.Path)), isJson: false, "webdataset/database/0.tar");
    }

    [Fact]
    public void Spoilt_features_are_read_or_refused()
    {
        Write("d/captions/cap.dress.val.json", """[{"candidate": "a", "target": "b", "captions": ["is red", "is long"]}]""");
        Write("d/image_splits/split.dress.val.json", """["a", "b"]""");
        Write(
            "features.json",
            """{"dataset": "fashioniq", "split": "val", "category": "dress", "dim": 2, "gallery": 2, "queries": 1, "missing_captions": ["b"]"""
            + """, "files": {"gallery_names": "gallery_names.json", "image": "image.f32", "text": "text.f32", "captions": ["caption_1.f32"]}}""");
        Write("gallery_names.json", """["a", "b"]""");
        foreach ((string file, float[] values) in (IEnumerable<(string, float[])>)[("image.f32", [1, 0, 0, 1]), ("caption_1.f32", [1, 0, 0, 1]), ("text.f32", [1, 1])])
        {
            File.WriteAllBytes(_root.Of(file), [.. values.SelectMany(BitConverter.GetBytes)]);
        }

        EvaluationDataset dataset = FashionIqReader.Read(_root.Of("d"), "dress");
        Assert.Equal(2, FeatureFolder.Read(_root.Path, dataset).Images.Rows);
        Spoil(() => Assert.NotNull(FeatureFolder.Read(_root.Path, dataset)), "features.json", "gallery_names.json");
        Spoil(() => Assert.NotNull(FeatureFolder.Read(_root.Path, dataset)), isJson: false, "image.f32", "caption_1.f32", "text.f32");
    }

    [Fact]
    public void Spoilt_submissions_are_accepted_or_refused()
    {
        EvaluationQuery[] queries = [new("0", "1", ["x"]) { Target = "2", Subset = ["2", "3"] }];
        EvaluationDataset dataset = new("cirr", "val", [new("1", "1.png"), new("2", "2.png"), new("3", "3.png")], queries);
        Write("recall.json", """{"0": ["2", "3"], "metric": "recall_subset", "version": "rc2"}""");
        CirrSubmission.Validate(_root.Of("recall.json"), dataset);
        Spoil(() => CirrSubmission.Validate(_root.Of("recall.json"), dataset), "recall.json");
        Write("circo.json", $$"""{"0": [{{string.Join(',', Enumerable.Range(1, 50))}}]}""");
        CircoSubmission.Validate(_root.Of("circo.json"), dataset);
        Spoil(() => CircoSubmission.Validate(_root.Of("circo.json"), dataset), "circo.json");
    }

    // Reading is not all: what was read must also be usable.
    private static void Use(EvaluationDataset dataset)
    {
        DatasetReport report = new DatasetChecker().Check(dataset, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(dataset.Queries.Count, report.Queries);
    }

    private void Write(string file, string content) => _root.Write(content, file.Split('/'));

    private void Spoil(Action read, params ReadOnlySpan<string> files) => Spoil(read, isJson: true, files);

    private void Spoil(Action read, bool isJson, params ReadOnlySpan<string> files)
    {
        read();
        foreach (string file in files)
        {
            string path = _root.Of(file.Split('/'));
            byte[] good = File.ReadAllBytes(path);
            MutationRun run = new(file, Tries, bad =>
            {
                File.WriteAllBytes(path, bad);
                read();
            })
            {
                IsRefusal = e => e is ZeroShotCirException,
            };

            run.Execute(random => isJson ? Mutation.Json(good, random) : Mutation.Bytes(good, random));

            File.WriteAllBytes(path, good);
        }
    }
}
