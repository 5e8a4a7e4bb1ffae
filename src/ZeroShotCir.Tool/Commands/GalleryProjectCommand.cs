using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery project</c>: makes the projection of a corpus of texts that the strategy <c>basic</c> reads, and keeps it with a gallery.</summary>
internal sealed class GalleryProjectCommand : ToolCommand
{
    private const int MostTexts = 100_000;
    private const int Sampled = 1000;
    private readonly Argument<DirectoryInfo> _folder = ToolOptions.Gallery("The gallery, or its folder of pictures; its images give the mean and the least similarities.");
    private readonly EncoderOptions _model;
    private readonly Option<FileInfo> _texts = new("--texts")
    {
        Description = "Words or sentences that speak about what counts, one a line, such as names of objects.",
        HelpName = "FILE.txt",
        Required = true,
    };

    private readonly Option<FileInfo?> _negative = new("--negative") { Description = "Those that speak about what does not, such as styles.", HelpName = "FILE.txt" };
    private readonly Option<int> _components = ToolOptions.Count("--components", 250, "How many directions are kept at most.");
    private readonly Option<double> _weight = ToolOptions.Weight("--negative-weight", 0.2, "How much the negative texts are taken off.");
    private readonly Option<FileInfo?> _out = new("--out")
    {
        Description = "Write the projection here, for 'cir eval --projection', and leave the gallery as it is.",
        HelpName = "FILE.safetensors",
    };

    public GalleryProjectCommand()
        : base(
            "project",
            "Make the projection of a corpus of texts that --fusion basic reads, and keep it with the gallery.",
            "cir gallery project gallery --texts objects.txt --negative styles.txt")
    {
        Add(_folder);
        _model = new EncoderOptions(this, isRequired: false) { Services = new ServiceOptions(this) };
        foreach (Option option in (Option[])[_texts, _negative, _components, _weight, _out])
        {
            Add(option);
        }
    }

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = arguments.GetRequiredValue(_folder);
        Stopwatch clock = Stopwatch.StartNew();
        Gallery gallery = Gallery.Open(folder.FullName);
        if (gallery.Count == 0)
        {
            throw new InvalidGalleryException($"The gallery '{folder}' is empty, so there are no images to measure. Index some pictures first.");
        }

        using EncoderSource model = _model.OpenEncoders(arguments, IndexedModel.Read(folder), folder, gallery.Model?.Reading);
        ITextEncoder encoder = model.Texts();
        gallery.ThrowIfOther(null, encoder.Info);
        string[] texts = Lines(arguments.GetRequiredValue(_texts));
        string[] negative = arguments.GetValue(_negative) is { } file ? Lines(file) : [];
        EmbeddingMatrix corpus = await encoder.EncodeAsync(texts, cancellationToken);
        CorpusProjection projection = CorpusProjection.Create(
            corpus,
            negative.Length == 0 ? null : await encoder.EncodeAsync(negative, cancellationToken),
            Mean(gallery),
            Sample(gallery),
            corpus.Rows <= Sampled ? corpus : corpus.Slice(0, Sampled),
            new CorpusProjectionOptions { Components = arguments.GetValue(_components), NegativeWeight = arguments.GetValue(_weight) },
            encoder.Info.ModelId);
        terminal.NoteIfAny(Spending.Describe(model));
        string path = arguments.GetValue(_out)?.FullName ?? Path.Combine(folder.FullName, ProjectionFile.Name);
        if (arguments.GetValue(_out) is null)
        {
            ProjectionFile.Save(folder.FullName, projection);
        }
        else
        {
            projection.Save(path);
        }

        terminal.Out.MarkupLineInterpolated(
            $"{texts.Length:N0} texts, {negative.Length:N0} negative: {projection.Directions.Rows} directions of {projection.Dimensions}, in {path}");
        return ToolResult.From(
            new ProjectionDocument(
                texts.Length,
                negative.Length,
                projection.Dimensions,
                projection.Directions.Rows,
                projection.LeastImageSimilarity,
                projection.LeastTextSimilarity,
                path,
                clock.Elapsed.TotalSeconds),
            json => json.ProjectionDocument);
    }

    private static string[] Lines(FileInfo file)
    {
        if (!file.Exists)
        {
            throw new BadUsageException($"There is no file '{file}'. Give a text file with one word or sentence a line.");
        }

        string[] lines = [.. File.ReadLines(file.FullName).Select(line => line.Trim()).Where(line => line.Length > 0).Distinct(StringComparer.Ordinal).Take(MostTexts + 1)];
        return lines.Length switch
        {
            < 2 => throw new BadUsageException($"'{file}' has {lines.Length} texts; at least 2 are needed to see how they spread."),
            > MostTexts => throw new BadUsageException($"'{file}' has more than {MostTexts:N0} texts; give fewer."),
            _ => lines,
        };
    }

    private static float[] Mean(Gallery gallery)
    {
        double[] sum = new double[gallery.Dimensions];
        float[] unit = new float[gallery.Dimensions];
        foreach (int ordinal in Present(gallery))
        {
            gallery.CopyImage(ordinal, unit);
            UnitVector.Normalize(unit, unit);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += unit[i];
            }
        }

        return Array.ConvertAll(sum, value => (float)(value / gallery.Count));
    }

    // Evenly spread over the gallery.
    private static EmbeddingMatrix Sample(Gallery gallery)
    {
        int[] present = [.. Present(gallery)];
        int count = Math.Min(Sampled, present.Length);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++)
        {
            rows[i] = new float[gallery.Dimensions];
            gallery.CopyImage(present[(int)((long)i * present.Length / count)], rows[i]);
        }

        return EmbeddingMatrix.FromRows(rows);
    }

    private static IEnumerable<int> Present(Gallery gallery) => Enumerable.Range(0, gallery.OrdinalCount).Where(ordinal => !gallery.IsRemoved(ordinal));
}
