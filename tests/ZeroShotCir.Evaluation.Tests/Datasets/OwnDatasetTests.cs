using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Tests.Datasets;

/// <summary>Data sets with row-wise answers and data sets of one's own, right and spoilt.</summary>
public sealed class OwnDatasetTests : IDisposable
{
    private const string Line =
        """{"id":"q","reference":"a.jpg","text":"red","targets":["b.jpg","c.jpg"],"negatives":["d.jpg"]"""
        + ""","must_have":["sleeves"],"must_not":["dots"],"paraphrases":["in red"],"candidates":["b.jpg","c.jpg","d.jpg"]}""";

    private readonly TemporaryFolder _folder = new();

    public OwnDatasetTests() => _folder.Write("a.jpg\nb.jpg\nc.jpg\nd.jpg\n", "gallery.txt");

    [Fact]
    public void Lines_say_everything_that_a_query_can_have()
    {
        _folder.Write(Line, "queries.jsonl");
        Check(Assert.Single(Read().Queries));
    }

    [Fact]
    public void A_table_says_the_same()
    {
        _folder.Write(
            "id,reference,text,targets,negatives,must_have,must_not,paraphrases,candidates\r\nq,a.jpg,red,b.jpg|c.jpg,d.jpg,sleeves,dots,in red,\"b.jpg|c.jpg|d.jpg\"\r\n",
            "queries.csv");
        Check(Assert.Single(Read().Queries));
    }

    [Fact]
    public void Quoted_fields_hold_commas_and_quotation_marks()
    {
        _folder.Write("reference,text,targets\na.jpg,\"red, \"\"deep\"\" red\",b.jpg\n", "queries.csv");
        Assert.Equal("red, \"deep\" red", Assert.Single(Read().Queries).Captions[0]);
    }

    [Fact]
    public void Without_a_list_the_pictures_are_the_gallery_by_their_paths()
    {
        File.Delete(_folder.Of("gallery.txt"));
        _folder.Write("", "images", "z", "b.jpg");
        _folder.Write("", "images", "a.jpg");
        _folder.Write("""{"reference":"a.jpg","text":"red","targets":["z/b.jpg"]}""", "queries.jsonl");
        Assert.Equal(["a.jpg", "z/b.jpg"], Read().Gallery.Select(image => image.Name));
    }

    [Theory]
    [InlineData("", "queries.jsonl", "no query")]
    [InlineData("[]", "queries.jsonl", "line 1")]
    [InlineData("{\"reference\":\"a.jpg\"", "queries.jsonl", "line 1")]
    [InlineData("{\"reference\":\"a.jpg\",\"text\":\"red\",\"targets\":[]}", "queries.jsonl", "targets")]
    [InlineData("{\"text\":\"red\",\"targets\":[\"b.jpg\"]}", "queries.jsonl", "reference")]
    [InlineData("{\"reference\":\"a.jpg\",\"targets\":[7]}", "queries.jsonl", "targets")]
    [InlineData("{\"reference\":\"nowhere.jpg\",\"targets\":[\"b.jpg\"]}", "queries.jsonl", "nowhere.jpg")]
    [InlineData("{\"reference\":\"a.jpg\",\"targets\":[\"nowhere.jpg\"]}", "queries.jsonl", "nowhere.jpg")]
    [InlineData("{\"reference\":\"a.jpg\",\"targets\":[\"a.jpg\"]}", "queries.jsonl", "a.jpg")]
    [InlineData("reference,text\na.jpg,red", "queries.csv", "columns")]
    [InlineData("reference,words,targets\na.jpg,red,b.jpg", "queries.csv", "columns")]
    [InlineData("reference,text,targets\na.jpg,red", "queries.csv", "line 2")]
    [InlineData("reference,text,targets\na.jpg,\"red,b.jpg", "queries.csv", "line 2")]
    [InlineData("reference,text,targets\na.jpg,\"red\"er,b.jpg", "queries.csv", "line 2")]
    public void Damage_is_named_with_its_place(string content, string file, string named)
    {
        _folder.Write(content, file);
        Assert.Contains(named, Assert.Throws<InvalidDatasetException>(Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_icir_are_rows_texts_are_exact_and_a_query_may_have_no_answer()
    {
        _folder.Write(
            "icir/database/x/1.jpg,As a toy,x\nicir/database/x/1.jpg,as a toy,x\nicir/database/x/hn/2.jpg,,x\nicir/database/y/3.jpg,\"pixel art\" version,y\n",
            "icir",
            "database_files.csv");
        _folder.Write("icir/query/x/1.jpg,as a toy,x\nicir/query/x/1.jpg,at night,x\nicir/query/y/1.jpg,\"pixel art\" version,y\n", "icir", "query_files.csv");
        EvaluationDataset dataset = IcirReader.Read(_folder.Path);
        Assert.Equal(["icir/database/x/1.jpg", "icir/database/x/1.jpg#2", "icir/database/x/hn/2.jpg", "icir/database/y/3.jpg"], dataset.Gallery.Select(image => image.Name));
        Assert.Equal(["icir/database/x/1.jpg#2", null, "icir/database/y/3.jpg"], dataset.Queries.Select(query => query.Target));
        Assert.Equal([3, 3, 1], dataset.Queries.Select(query => query.Candidates.Count));
        Assert.Equal(2, dataset.References.Count);
        Assert.True(dataset.HasTargets);
    }

    [Fact]
    public void Tasks_of_mbeir_are_told_by_the_names_of_files()
    {
        _folder.Write("", "mbeir_cirr_task7_test.jsonl");
        _folder.Write("", "cand_pool", "mbeir_cirr_task7_cand_pool.jsonl");
        Assert.Equal(["cirr_task7"], MbeirReader.TasksIn(_folder.Path));
    }

    [Fact]
    public void Two_subsets_in_one_folder_are_told_apart_by_the_user()
    {
        _folder.Write("{}", "a", "mbeir_cirr_task7_test_multimodal.jsonl");
        _folder.Write("{}", "b", "mbeir_cirr_task7_test_multimodal.jsonl");
        Assert.Contains("2 files", Assert.Throws<InvalidDatasetException>(() => MbeirReader.Read(_folder.Path, "cirr_task7")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private EvaluationDataset Read() => QueryFileReader.Read(_folder.Path);

    private static void Check(EvaluationQuery query)
    {
        Assert.Equal(("q", "a.jpg", "red", "b.jpg"), (query.Id, query.Reference, query.Captions[0], query.Target));
        Assert.Equal(["b.jpg", "c.jpg"], query.GroundTruths);
        Assert.Equal(["d.jpg", "sleeves", "dots", "in red"], [.. query.Negatives, .. query.MustHave, .. query.MustNot, .. query.Paraphrases]);
        Assert.Equal(["b.jpg", "c.jpg", "d.jpg"], query.Candidates);
    }
}
