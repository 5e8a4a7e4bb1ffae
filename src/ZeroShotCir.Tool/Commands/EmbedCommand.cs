using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Spectre.Console;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tensors;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir embed</c>: raw embeddings of pictures, of texts, or of both composed by the model.</summary>
internal sealed class EmbedCommand : ToolCommand
{
    private const int ChunkSize = 64;

    /// <summary>The encoded bytes of a chunk, where pictures are large: the files of the rest are read when their turn comes.</summary>
    private const long MaxChunkBytes = 64L << 20;
    private readonly EncoderOptions _model;
    private readonly Option<DirectoryInfo?> _images = new("--images") { Description = "Embed the pictures of this folder and its subfolders.", HelpName = "DIR" };
    private readonly Option<FileInfo?> _texts = new("--texts") { Description = "Embed the texts of this file: {\"text\": \"…\"} per line.", HelpName = "FILE.jsonl" };
    private readonly Option<FileInfo?> _queries = new("--queries")
    {
        Description = "Embed composed queries: {\"text\": \"…\", \"images\": [\"path\"]} per line, pictures first.",
        HelpName = "FILE.jsonl",
    };

    private readonly Option<string?> _role = new("--role")
    {
        Description = "What for, where a model makes a difference; without it, pictures are documents, texts and queries are queries.",
        HelpName = "query|document",
    };

    private readonly Option<FileInfo> _out = ToolOptions.OutFile("Where the embeddings go, in the safetensors format.");
    private readonly FolderOptions _files;

    public EmbedCommand()
        : base("embed", "Write the raw embeddings of pictures, of texts, or of both together.", "cir embed --model models/clip --images photos --out photos.safetensors")
    {
        _model = new EncoderOptions(this) { Services = new ServiceOptions(this, hasShortNames: true) };
        Add(_images);
        Add(_texts);
        Add(_queries);
        Add(_role);
        Add(_out);
        _files = new FolderOptions(this);
        Validators.Add(result =>
        {
            int sources = new object?[] { result.GetValue(_images), result.GetValue(_texts), result.GetValue(_queries) }.Count(source => source is not null);
            if (sources != 1)
            {
                result.AddError(sources == 0 ? "'cir embed' needs --images, --texts or --queries." : "'cir embed' takes one of --images, --texts and --queries, not several.");
            }
        });
        _role.AcceptOnlyFromAmong("query", "document");
    }

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        FileInfo file = arguments.GetRequiredValue(_out);
        file.Directory?.Create();
        using SafeTensorsWriter writer = new(file.FullName);
        using EncoderSource model = _model.OpenEncoders(arguments);
        EncodingRole? role = arguments.GetValue(_role) switch { "query" => EncodingRole.Query, "document" => EncodingRole.Document, _ => null };
        Stopwatch clock = Stopwatch.StartNew();
        ImageFiles? pictures = arguments.GetValue(_images) is { } folder ? ImageFiles.In(folder, _files.Read(arguments), terminal, cancellationToken: cancellationToken) : null;
        List<FailedFile> failed = [.. pictures?.Failed ?? []];
        long maxBytes = _model.Pictures.Limits(arguments).MaxBytes;
        EncodingRole ofQueries = role ?? EncodingRole.Query;
        (List<string> ids, EncoderInfo info) = pictures is not null
            ? await EmbedImagesAsync(pictures.Pictures, model, maxBytes, role ?? EncodingRole.Document, writer, failed, terminal, cancellationToken)
            : arguments.GetValue(_queries) is { } queries
                ? await EmbedQueriesAsync(QueryLines.Read(queries), model, maxBytes, ofQueries, writer, failed, terminal, cancellationToken)
                : await EmbedTextsAsync(TextLines.Read(arguments.GetValue(_texts)!), model, ofQueries, writer, terminal, cancellationToken);
        EmbedDocument document = new(ids.Count, info.Dimensions, failed, pictures?.LeftOut, clock.Elapsed.TotalSeconds) { Usage = model.Usage };
        terminal.NoteIfAny(Spending.Describe(model));
        if (ids.Count == 0)
        {
            return ToolResult.NothingLeft(terminal, failed.Count, error => ToolResult.From(document with { Error = error }, json => json.EmbedDocument, ExitCode.Failed));
        }

        writer.SetMetadata("ids", JsonSerializer.Serialize(ids, ToolJson.Default.ListString));
        writer.SetMetadata("model", info.ModelId);
        writer.SetMetadata("unit_length", info.IsUnitLength ? "true" : "false");
        writer.Complete();
        terminal.Out.MarkupLineInterpolated($"{ids.Count:N0} embeddings of {info.Dimensions} dimensions in '{file}', {document.Seconds:0.0} s{Terminal.Failures(failed.Count)}");
        return ToolResult.From(document, json => json.EmbedDocument);
    }

    private static async Task<(List<string> Ids, EncoderInfo Info)> EmbedImagesAsync(
        IReadOnlyList<(string Id, string Path)> files, EncoderSource model, long maxBytes, EncodingRole role, SafeTensorsWriter writer, List<FailedFile> failed, Terminal terminal,
        CancellationToken cancellationToken)
    {
        IImageEncoder encoder = model.Images(role);
        int dimensions = encoder.Info.Dimensions;
        List<string> ids = new(files.Count);
        writer.Begin<float>("embeddings", dimensions);
        return await terminal.TrackAsync("pictures", files.Count, async progress =>
        {
            for (int next = 0; next < files.Count;)
            {
                List<string> chunkIds = [];
                List<ImageData> images = [];
                for (long bytes = 0; next < files.Count && images.Count < ChunkSize && bytes < MaxChunkBytes; next++)
                {
                    (string id, string path) = files[next];
                    try
                    {
                        ImageData image = ImageData.OpenFile(path, maxBytes);
                        images.Add(image);
                        chunkIds.Add(id);
                        bytes += image.Length;
                    }
                    catch (InvalidImageException e)
                    {
                        Fail(id, e.Message);
                    }
                }

                float[] rows = new float[images.Count * dimensions];
                IReadOnlyList<InvalidImageException> bad = await encoder.EncodeValidAsync(images, rows, cancellationToken);
                HashSet<int> badRows = [.. bad.Select(e => e.Index!.Value)];
                foreach (InvalidImageException e in bad)
                {
                    Fail(chunkIds[e.Index!.Value], e.Message);
                }

                for (int row = 0; row < images.Count; row++)
                {
                    if (!badRows.Contains(row))
                    {
                        writer.Append<float>(rows.AsSpan(row * dimensions, dimensions));
                        ids.Add(chunkIds[row]);
                    }
                }

                progress.Report(ids.Count + failed.Count);
            }

            return (ids, encoder.Info);
        });

        void Fail(string id, string message)
        {
            terminal.Warn(message);
            failed.Add(new FailedFile(id, message));
        }
    }

    private static async Task<(List<string> Ids, EncoderInfo Info)> EmbedQueriesAsync(
        IReadOnlyList<QueryLine> queries, EncoderSource model, long maxBytes, EncodingRole role, SafeTensorsWriter writer, List<FailedFile> failed, Terminal terminal,
        CancellationToken cancellationToken)
    {
        IComposedEncoder encoder = model.Composed();
        ComposedRows rows = new(encoder, role, maxBytes, bad =>
        {
            terminal.Warn($"{bad.File}: {bad.Error}");
            failed.Add(bad);
        });
        List<string> ids = new(queries.Count);
        writer.Begin<float>("embeddings", encoder.Info.Dimensions);
        return await terminal.TrackAsync("queries", queries.Count, async progress =>
        {
            foreach (QueryLine[] chunk in queries.Chunk(ChunkSize))
            {
                foreach ((string id, ReadOnlyMemory<float> row) in await rows.EncodeAsync(chunk, cancellationToken))
                {
                    writer.Append<float>(row.Span);
                    ids.Add(id);
                }

                progress.Report(ids.Count + failed.Count);
            }

            return (ids, encoder.Info);
        });
    }

    private static async Task<(List<string> Ids, EncoderInfo Info)> EmbedTextsAsync(
        IReadOnlyList<(string Id, string Text)> texts, EncoderSource model, EncodingRole role, SafeTensorsWriter writer, Terminal terminal, CancellationToken cancellationToken)
    {
        ITextEncoder encoder = model.Texts(role);
        int dimensions = encoder.Info.Dimensions;
        writer.Begin<float>("embeddings", dimensions);
        return await terminal.TrackAsync("texts", texts.Count, async progress =>
        {
            int done = 0;
            foreach ((string Id, string Text)[] chunk in texts.Chunk(ChunkSize))
            {
                float[] rows = new float[chunk.Length * dimensions];
                await encoder.EncodeAsync([.. chunk.Select(line => line.Text)], rows, cancellationToken);
                writer.Append<float>(rows);
                progress.Report(done += chunk.Length);
            }

            return (texts.Select(line => line.Id).ToList(), encoder.Info);
        });
    }
}
