using System.CommandLine;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Tensors;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir preprocess</c>: the tensors that a model's image encoder receives.</summary>
internal sealed class PreprocessCommand : ToolCommand
{
    private readonly EncoderOptions _model;
    private readonly Option<FileInfo> _out = ToolOptions.OutFile("Where the tensors go, one per picture, in the safetensors format.");
    private readonly Argument<string[]> _images = ToolOptions.Files("IMAGE", "The pictures.");

    public PreprocessCommand()
        : base("preprocess", "Write the tensors that a model's image encoder receives.", "cir preprocess --model models/clip --out pixels.safetensors a.jpg b.png")
    {
        _model = new EncoderOptions(this);
        Add(_out);
        Add(_images);
    }

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        OnnxModelFolder model = _model.Open(arguments);
        ImagePreprocessor preprocessor = new(model.Preprocessing
            ?? throw new InvalidModelException(model.Composition == CompositionKind.Joint
                ? $"The model in '{model.Path}' takes patches, and gives every picture a size of its own; 'cir preprocess' writes pictures of one size. 'cir embed' encodes them."
                : $"The model folder '{model.Path}' has no image encoder, so it preprocesses nothing."));
        IImageDecoder decoder = _model.Pictures.Decoder(arguments);
        DecodeOptions options = _model.Pictures.Read(arguments);
        float[] pixels = new float[3 * preprocessor.Height * preprocessor.Width];
        List<PreprocessedImage> images = [];
        List<FailedFile> failed = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        FileInfo file = arguments.GetRequiredValue(_out);
        file.Directory?.Create();
        using SafeTensorsWriter writer = new(file.FullName);
        foreach (string path in arguments.GetRequiredValue(_images))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                ImageSize size = preprocessor.Preprocess(decoder, ImageData.OpenFile(path, options.Limits.MaxBytes), options, pixels);

                // Pictures of one name in two folders keep their paths.
                string name = names.Add(Path.GetFileName(path)) ? Path.GetFileName(path) : path;
                writer.Write<float>(name, pixels, 3, preprocessor.Height, preprocessor.Width);
                images.Add(new PreprocessedImage(path, size.Width, size.Height, name, [3, preprocessor.Height, preprocessor.Width]));
            }
            catch (InvalidImageException e)
            {
                terminal.Warn(e.Message);
                failed.Add(new FailedFile(path, e.Message));
            }
        }

        PreprocessDocument document = new(images, failed);
        if (images.Count == 0)
        {
            return Task.FromResult(ToolResult.NothingLeft(
                terminal, failed.Count, error => ToolResult.From(document with { Error = error }, json => json.PreprocessDocument, ExitCode.Failed)));
        }

        writer.Complete();
        terminal.Out.MarkupLineInterpolated($"{images.Count:N0} tensors of 3 × {preprocessor.Height} × {preprocessor.Width} in '{file}'{Terminal.Failures(failed.Count)}");
        return Task.FromResult(ToolResult.From(document, json => json.PreprocessDocument));
    }
}
