using System.Formats.Tar;
using System.Text;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Datasets;

/// <summary>i-CIR in the shards that its hub has, right and spoilt.</summary>
public sealed class IcirShardTests : IDisposable
{
    private const string Database = "webdataset/database/database-000000.tar";
    private const string Query = "webdataset/query/query-000000.tar";
    private readonly TemporaryFolder _folder = new();

    /// <summary>What is done to good shards, and what must be said of it.</summary>
    public static TheoryData<string, string> Damage => new()
    {
        { "cut off in a picture", "it was cut off" },
        { "cut off between samples", "cut off" },
        { "no tar file", "not a whole tar file" },
        { "an empty file", "cut off" },
        { "a packed file", "packed or not whole" },
        { "a size that is no number", "not a whole tar file" },
        { "a picture without its JSON", "without its JSON" },
        { "a JSON without its picture", "without its picture" },
        { "two pictures of one name", "a second picture" },
        { "a link", "SymbolicLink" },
        { "no JSON", "not valid JSON" },
        { "no path in the JSON", "img_path" },
        { "no instance in the JSON", "instance" },
        { "a text that is a number", "text" },
        { "a large JSON", "65536" },
        { "no samples", "no sample" },
        { "queries of another instance", "'z'" },
        { "no shards of the database", "database" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.V7)]
    public void Shards_alone_say_what_the_tables_say(TarEntryFormat format)
    {
        WriteAll(format);
        EvaluationDataset dataset = IcirReader.Read(_folder.Path);

        Assert.Equal(["icir/database/x/1.jpg", "icir/database/x/1.jpg#2", "icir/database/y/3.jpg"], dataset.Gallery.Select(image => image.Name));
        Assert.Equal(["icir/database/x/1.jpg#2", "icir/database/y/3.jpg"], dataset.Queries.Select(query => query.Target));
        Assert.Equal(
            [("icir/query/x/1.jpg", "as a toy", "x"), ("icir/query/y/1.jpg", "\"pixel art\" version", "y")],
            dataset.Queries.Select(query => (query.Reference, query.Captions[0], query.Group!)));
        Assert.Equal(["one", "two", "three", "query one", "query two"], dataset.Images.Select(image => Encoding.UTF8.GetString(image.Read().Data.Span)));
        Assert.Empty(new DatasetChecker().Check(dataset, cancellationToken: TestContext.Current.CancellationToken).ImageProblems);
    }

    [Fact]
    public void Tables_say_the_order_and_shards_hold_the_pictures()
    {
        WriteAll(TarEntryFormat.Ustar);
        _folder.Write(
            "./data/icir/database/y/3.jpg,\"pixel art\" version,y\n"
            + "./data/icir/database/x/4.jpg,at night,x\n"
            + "./data/icir/database/x/1.jpg,As a toy,x\n",
            "annotations",
            "database_files.csv");
        _folder.Write("./data/icir/query/x/1.jpg,at night,x\n", "annotations", "query_files.csv");
        EvaluationDataset dataset = IcirReader.Read(_folder.Path);

        Assert.Equal(["./data/icir/database/y/3.jpg", "./data/icir/database/x/4.jpg", "./data/icir/database/x/1.jpg"], dataset.Gallery.Select(image => image.Name));
        Assert.Equal(["three", "one", "query one"], dataset.Images.Where(image => image.Part is not null).Select(image => Encoding.UTF8.GetString(image.Read().Data.Span)));
        ImageProblem missing = Assert.Single(new DatasetChecker().Check(dataset, cancellationToken: TestContext.Current.CancellationToken).ImageProblems);
        Assert.Equal((ImageProblemKind.Missing, "./data/icir/database/x/4.jpg"), (missing.Kind, missing.Name));
    }

    [Fact]
    public async Task Pictures_of_one_file_are_remembered_each_for_itself()
    {
        WriteAll(TarEntryFormat.Ustar);
        EvaluationDataset dataset = IcirReader.Read(_folder.Path);
        Letters letters = new();
        for (int run = 0; run < 2; run++)
        {
            EncodedDataset encoded = await new FeatureEncoder(letters, letters, new FeatureEncoderOptions { CacheFolder = _folder.Of("cache") })
                .EncodeAsync(dataset, DatasetRecipe.DefaultOf("icir"), cancellationToken: TestContext.Current.CancellationToken);

            Assert.Equal(run == 0 ? 5 : 0, encoded.EncodedImages);
            Assert.Equal(["one", "two", "three", "query one", "query two"], Enumerable.Range(0, 5).Select(row => letters.Spelled(encoded.Features.Images[row])));
        }
    }

    [Fact]
    public async Task A_report_shows_references_and_answers_of_shards_also_where_no_answer_is_right()
    {
        WriteAll(TarEntryFormat.Ustar);
        _folder.Write("./data/icir/database/y/3.jpg,\"pixel art\" version,y\n./data/icir/database/x/1.jpg,As a toy,x\n", "annotations", "database_files.csv");
        _folder.Write("./data/icir/query/x/1.jpg,as nobody drew it,x\n./data/icir/query/y/1.jpg,\"pixel art\" version,y\n", "annotations", "query_files.csv");
        EvaluationDataset dataset = IcirReader.Read(_folder.Path);
        Letters letters = new();
        EncodedDataset encoded = await new FeatureEncoder(letters, letters)
            .EncodeAsync(dataset, DatasetRecipe.DefaultOf("icir"), cancellationToken: TestContext.Current.CancellationToken);
        MeasuredSettings measured = MeasuredSettings.Measure(
            "i-CIR", [new EvaluationRunner(dataset, encoded.Features)], [new NamedSetting("fused", new EvaluationSetting { Beta = 0 })], TestContext.Current.CancellationToken);
        SeenPictures seen = new();
        EvaluationReport report = new("i-CIR");
        report.Add(measured);
        report.Write(_folder.Of("report.html"), seen, TestContext.Current.CancellationToken);

        Assert.Equal(["one", "query one", "query two", "three"], seen.Shrunk.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_spoilt_or_large_picture_is_told_with_its_name_and_its_shard()
    {
        WriteAll(TarEntryFormat.Ustar);
        EvaluationDataset dataset = IcirReader.Read(_folder.Path);
        DatasetReport report = new DatasetChecker(new Imaging.Skia.SkiaImageDecoder()).Check(dataset, cancellationToken: TestContext.Current.CancellationToken);
        InvalidImageException large = Assert.Throws<InvalidImageException>(() => dataset.Gallery[2].Read(maxBytes: 4));

        Assert.Equal(5, report.ImageProblems.Count);
        Assert.All(report.ImageProblems, problem => Assert.Equal(ImageProblemKind.Corrupt, problem.Kind));
        Assert.True(large.IsOverLimit);
        Assert.Contains("icir/database/y/3.jpg", large.Message, StringComparison.Ordinal);
        File.Delete(_folder.Of(Database.Split('/')));
        Assert.Contains("icir/database/x/1.jpg", Assert.Throws<InvalidImageException>(() => dataset.Gallery[0].Read()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damage))]
    public void Damage_is_named_with_its_place(string damage, string said)
    {
        WriteAll(TarEntryFormat.Ustar);
        string database = _folder.Of(Database.Split('/'));
        byte[] good = File.ReadAllBytes(database);
        const string Good = """{"img_path": "icir/database/x/9.jpg", "text": "red", "instance": "x"}""";
        Action spoil = damage switch
        {
            "cut off in a picture" => () => File.WriteAllBytes(database, good[..514]),
            "cut off between samples" => () => File.WriteAllBytes(database, good[..2048]),
            "no tar file" => () => File.WriteAllText(database, string.Join('\n', Enumerable.Repeat("This is a page that says that you must log in.", 50))),
            "an empty file" => () => File.WriteAllBytes(database, []),
            "a packed file" => () => File.Move(database, database + ".gz"),
            "a size that is no number" => () => File.WriteAllBytes(database, [.. good[..126], (byte)'z', .. good[127..]]),
            "a picture without its JSON" => () => Write(Database, TarEntryFormat.Ustar, ("1.jpg", "one"), ("2.jpg", "two"), ("2.json", Good)),
            "a JSON without its picture" => () => Write(Database, TarEntryFormat.Ustar, ("1.json", Good)),
            "two pictures of one name" => () => Write(Database, TarEntryFormat.Ustar, ("1.jpg", "one"), ("1.png", "two"), ("1.json", Good)),
            "a link" => () => Write(Database, TarEntryFormat.Ustar, ("1.jpg", "->/etc/passwd"), ("1.json", Good)),
            "no JSON" => () => Write(Database, TarEntryFormat.Ustar, ("1.jpg", "one"), ("1.json", Good[..20])),
            "no path in the JSON" => () => Write(Database, TarEntryFormat.Ustar, ("1.jpg", "one"), ("1.json", Good.Replace("img_path", "path", StringComparison.Ordinal))),
            "no instance in the JSON" => () => Write(Database, TarEntryFormat.Ustar, ("1.jpg", "one"), ("1.json", Good.Replace("\"x\"", "\"\"", StringComparison.Ordinal))),
            "a text that is a number" => () => Write(Database, TarEntryFormat.Ustar, ("1.jpg", "one"), ("1.json", Good.Replace("\"red\"", "5", StringComparison.Ordinal))),
            "a large JSON" => () => Write(Database, TarEntryFormat.Ustar, ("1.jpg", "one"), ("1.json", Good + new string(' ', 70_000))),
            "no samples" => () => Write(Database, TarEntryFormat.Ustar, ("README.txt", "Nothing here.")),
            "queries of another instance" => () => Write(Query, TarEntryFormat.Ustar, ("1.jpg", "one"), ("1.json", Good.Replace("\"x\"", "\"z\"", StringComparison.Ordinal))),
            "no shards of the database" => () => File.Delete(database),
            _ => throw new ArgumentOutOfRangeException(nameof(damage), damage, "unknown"),
        };
        spoil();

        Assert.Contains(said, Assert.Throws<InvalidDatasetException>(() => IcirReader.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private void WriteAll(TarEntryFormat format)
    {
        Write(
            Database,
            format,
            ("000000.jpg", "one"), ("000000.json", """{"img_path": "icir/database/x/1.jpg", "text": "As a toy", "instance": "x"}"""),
            ("000001.json", """{"img_path": "icir/database/x/1.jpg", "text": "as a toy", "instance": "x"}"""), ("000001.jpg", "two"), ("README.txt", "A note."));
        Write(
            "webdataset/database/database-000001.tar",
            format,
            ("more/7.png", "three"), ("more/7.json", """{"img_path": "icir/database/y/3.jpg", "text": "\"pixel art\" version", "instance": "y"}"""));
        Write(
            Query,
            format,
            ("1.jpg", "query one"), ("1.json", """{"img_path": "icir/query/x/1.jpg", "text": "as a toy", "instance": "x"}"""),
            ("2.jpg", "query two"), ("2.json", """{"img_path": "icir/query/y/1.jpg", "text": "\"pixel art\" version", "instance": "y"}"""));
    }

    private void Write(string shard, TarEntryFormat format, params ReadOnlySpan<(string Name, string Content)> entries)
    {
        string path = _folder.Of(shard.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using TarWriter writer = new(File.Create(path), format);
        foreach ((string name, string content) in entries)
        {
            bool isLink = content.StartsWith("->", StringComparison.Ordinal);
            TarEntryType type = isLink ? TarEntryType.SymbolicLink : format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
            TarEntry entry = format switch
            {
                TarEntryFormat.V7 => new V7TarEntry(type, name),
                TarEntryFormat.Pax => new PaxTarEntry(type, name),
                TarEntryFormat.Gnu => new GnuTarEntry(type, name),
                _ => new UstarTarEntry(type, name),
            };
            if (isLink)
            {
                entry.LinkName = content[2..];
            }
            else
            {
                entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
            }

            writer.WriteEntry(entry);
        }
    }

    private sealed class SeenPictures : IImageShrinker
    {
        public List<string> Shrunk { get; } = [];

        public ImageData Shrink(ImageData image, int maxEdge)
        {
            Shrunk.Add(Encoding.UTF8.GetString(image.Data.Span));
            return image;
        }
    }

    /// <summary>Encodes bytes as themselves.</summary>
    private sealed class Letters : IImageEncoder, ITextEncoder
    {
        private const int Width = 16;

        public EncoderInfo Info { get; } = new("letters", Width, isUnitLength: false);

        public string Spelled(ReadOnlySpan<float> row) => string.Concat(row.ToArray().Where(value => value > 1).Select(value => (char)value));

        public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
            => Write([.. images.Select(image => image.Data.ToArray())], destination);

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
            => Write([.. texts.Select(Encoding.UTF8.GetBytes)], destination);

        private static ValueTask Write(byte[][] items, Memory<float> destination)
        {
            for (int i = 0; i < items.Length; i++)
            {
                for (int d = 0; d < Width; d++)
                {
                    destination.Span[(i * Width) + d] = d < items[i].Length ? items[i][d] : 1;
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
