using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Tests.Datasets;

/// <summary>What a reader says of at least ten kinds of damage to its files.</summary>
public sealed class DamagedDatasetTests : IDisposable
{
    private const string IcirDatabase = "icir/database/x/1.jpg,as a toy,x\n";
    private const string IcirQueries = "icir/query/x/1.jpg,as a toy,x\n";
    private const string PatternImages = "images/a/a1.jpg 0 a\nimages/a/a2.jpg 1 a\n";
    private const string PatternLabels = "a1.jpg,color,red\na2.jpg,color,blue\n";
    private const string MbeirQueries = """{"qid":"8:1","query_txt":"red","query_img_path":"a.jpg","pos_cand_list":["8:2"]}""";
    private const string MbeirPool = "{\"did\":\"8:1\",\"img_path\":\"a.jpg\"}\n{\"did\":\"8:2\",\"img_path\":\"b.jpg\"}\n";
    private const string Genecis = """[{"condition":"car","reference":{"val_image_id":5},"target":{"val_image_id":6},"gallery":[{"val_image_id":7}]}]""";
    private const string GenecisBox =
        """[{"condition":"red","reference":{"image_id":5,"instance_bbox":[1,2,3,4]},"target":{"image_id":6,"instance_bbox":[1,2,3,4]},"gallery":[]}]""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", IcirQueries, "empty")]
    [InlineData(null, IcirQueries, "does not exist")]
    [InlineData(IcirDatabase, null, "does not exist")]
    [InlineData(IcirDatabase, "", "empty")]
    [InlineData("icir/database/x/1.jpg,as a toy", IcirQueries, "line 1")]
    [InlineData("icir/database/x/1.jpg,as a toy, red,x", IcirQueries, "line 1")]
    [InlineData(",as a toy,x", IcirQueries, "line 1")]
    [InlineData("icir/database/x/1.jpg,as a toy,", IcirQueries, "line 1")]
    [InlineData(IcirDatabase + "\n" + IcirDatabase, IcirQueries, "line 2")]
    [InlineData(IcirDatabase, "icir/query/x/1.jpg,as a toy,z\n", "'z'")]
    [InlineData(IcirDatabase, "icir/database/x/1.jpg,as a toy,x\n", "twice")]
    [InlineData("icir/database/x/1.jpg;as a toy;x\n", IcirQueries, "line 1")]
    [InlineData(IcirDatabase + "\uFFFF", IcirQueries, "cannot be read")]
    public void Of_icir(string? database, string? queries, string said)
    {
        Write(database, "icir", "database_files.csv");
        Write(queries, "icir", "query_files.csv");
        Assert.Contains(said, Assert.Throws<InvalidDatasetException>(() => IcirReader.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, PatternLabels, "does not exist")]
    [InlineData("", PatternLabels, "empty")]
    [InlineData("images/a/a1.jpg 0", PatternLabels, "line 1")]
    [InlineData(PatternImages + "\nimages/a/a3.jpg 0 a\n", PatternLabels, "line 3")]
    [InlineData(PatternImages + "images/a/a1.jpg 0 a\n", PatternLabels, "twice")]
    [InlineData(PatternImages, null, "does not exist")]
    [InlineData(PatternImages, "", "empty")]
    [InlineData(PatternImages, "a1.jpg,color", "line 1")]
    [InlineData(PatternImages, PatternLabels + "b1.jpg,color,red\n", "'b1.jpg'")]
    [InlineData(PatternImages, PatternLabels + "a1.jpg,color,\"red", "line 3")]
    [InlineData(PatternImages, "a1.jpg,color,\n" + PatternLabels, "line 1")]
    [InlineData(PatternImages, "a1.jpg,color,red\na2.jpg,color,red\n", "no query")]
    [InlineData(PatternImages + "\uFFFF", PatternLabels, "cannot be read")]
    public void Of_patterncom(string? images, string? labels, string said)
    {
        Write(images, "patternnet.csv");
        Write(labels, "PatternCom", "color.csv");
        Assert.Contains(said, Assert.Throws<InvalidDatasetException>(() => PatternComReader.Read(_folder.Path, "color")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", MbeirPool, "no query")]
    [InlineData("[]", MbeirPool, "line 1")]
    [InlineData("{\"qid\":\"8:1\"", MbeirPool, "line 1")]
    [InlineData("{\"qid\":8,\"query_txt\":\"red\",\"query_img_path\":\"a.jpg\",\"pos_cand_list\":[\"8:2\"]}", MbeirPool, "qid")]
    [InlineData("{\"qid\":\"8:1\",\"query_txt\":5,\"query_img_path\":\"a.jpg\",\"pos_cand_list\":[\"8:2\"]}", MbeirPool, "query_txt")]
    [InlineData("{\"qid\":\"8:1\",\"query_txt\":\"red\",\"pos_cand_list\":[\"8:2\"]}", MbeirPool, "query_img_path")]
    [InlineData("{\"qid\":\"8:1\",\"query_txt\":\"red\",\"query_img_path\":\"a.jpg\",\"pos_cand_list\":[]}", MbeirPool, "pos_cand_list")]
    [InlineData("{\"qid\":\"8:1\",\"query_txt\":\"red\",\"query_img_path\":\"a.jpg\",\"pos_cand_list\":\"8:2\"}", MbeirPool, "pos_cand_list")]
    [InlineData("{\"qid\":\"8:1\",\"query_txt\":\"red\",\"query_img_path\":\"a.jpg\",\"pos_cand_list\":[\"8:9\"]}", MbeirPool, "'8:9'")]
    [InlineData(MbeirQueries + "\n" + MbeirQueries, MbeirPool, "two queries of id 8:1")]
    [InlineData(MbeirQueries, null, "candidates of 'cirr_task7'")]
    [InlineData(MbeirQueries, MbeirPool + "{\"did\":\"8:2\",\"img_path\":\"c.jpg\"}\n", "twice")]
    [InlineData(MbeirQueries, "{\"did\":\"8:1\"}\n", "img_path")]
    [InlineData(MbeirQueries, "{\"did\":8,\"img_path\":\"a.jpg\"}\n", "did")]
    public void Of_mbeir(string queries, string? pool, string said)
    {
        Write(queries, "mbeir_cirr_task7_test.jsonl");
        Write(pool, "cand_pool", "mbeir_cirr_task7_cand_pool.jsonl");
        Assert.Contains(said, Assert.Throws<InvalidDatasetException>(() => MbeirReader.Read(_folder.Path, "cirr_task7")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Genecis, "[{", "[", "focus_attribute.json")]
    [InlineData(Genecis, Genecis, "{}", "JSON array")]
    [InlineData(Genecis, Genecis, "[]", "no query")]
    [InlineData(Genecis, "\"condition\":\"car\",", "", "condition")]
    [InlineData(Genecis, "\"car\"", "5", "condition")]
    [InlineData(Genecis, "\"target\":{\"val_image_id\":6},", "", "target")]
    [InlineData(Genecis, "{\"val_image_id\":5}", "5", "reference")]
    [InlineData(Genecis, "\"val_image_id\":6", "\"val_image_id\":-6", "val_image_id")]
    [InlineData(Genecis, "\"val_image_id\":6", "\"val_image_id\":\"6\"", "val_image_id")]
    [InlineData(Genecis, "[{\"val_image_id\":7}]", "7", "gallery")]
    [InlineData(Genecis, "{\"val_image_id\":7}", "{\"id\":7}", "image_id")]
    [InlineData(GenecisBox, "\"instance_bbox\":[1,2,3,4]},\"target\"", "\"instance_bbox\":[1,2,3]},\"target\"", "four numbers")]
    [InlineData(GenecisBox, "\"instance_bbox\":[1,2,3,4]},\"target\"", "\"box\":[1,2,3]},\"target\"", "instance_bbox")]
    [InlineData(GenecisBox, "[1,2,3,4]", "[1,2,3,\"4\"]", "instance_bbox")]
    public void Of_genecis(string good, string what, string instead, string said)
    {
        Write(good.Replace(what, instead, StringComparison.Ordinal), "genecis", "focus_attribute.json");
        Assert.Contains(said, Assert.Throws<InvalidDatasetException>(() => GenecisReader.Read(_folder.Path, "focus_attribute")).Message, StringComparison.Ordinal);
    }

    /// <summary>Writes a file, in which U+FFFF stands for a byte that is none of UTF-8.</summary>
    private void Write(string? content, params string[] parts)
    {
        if (content is null)
        {
            return;
        }

        string path = _folder.Write(content.Replace("\uFFFF", string.Empty, StringComparison.Ordinal), parts);
        if (content.Contains('\uFFFF', StringComparison.Ordinal))
        {
            using FileStream stream = File.Open(path, FileMode.Append);
            stream.WriteByte(0xFF);
        }
    }
}
