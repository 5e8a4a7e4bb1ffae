using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Serving;

/// <summary>The gallery that a server searches, with its model and decoders, as options of the tool say.</summary>
internal sealed class ServedGallery
{
    private readonly Argument<DirectoryInfo> _gallery = new("GALLERY") { Description = "The gallery folder, as 'cir index' makes it." };
    private readonly ModelOptions _model;

    public ServedGallery(Command command)
    {
        command.Add(_gallery);
        _model = new ModelOptions(command, isRequired: false);
    }

    public DirectoryInfo Folder(ParseResult arguments) => arguments.GetRequiredValue(_gallery);

    /// <summary>Registers what searches the gallery.</summary>
    /// <exception cref="InvalidGalleryException">It cannot be opened.</exception>
    /// <exception cref="BadUsageException">Nobody says where its model is.</exception>
    public ZeroShotCirBuilder Register(ParseResult arguments, IHostApplicationBuilder host)
    {
        DirectoryInfo folder = Folder(arguments);
        Gallery gallery = Gallery.Open(folder.FullName);
        OnnxModelFolder model = _model.Open(arguments, IndexedModel.Read(folder), folder, gallery.Model?.Reading);
        IImageDecoder decoder = _model.Pictures.Decoder(arguments);
        host.Configuration.AddInMemoryCollection([new("ZeroShotCir:Gallery:Folder", folder.FullName), new("ZeroShotCir:Gallery:ReloadInterval", "00:00:05")]);
        IServiceCollection services = host.Services;
        services.AddSingleton(decoder);
        services.AddSingleton<IImageShrinker>(new SkiaImageShrinker(decoder));
        services.AddSingleton<IImageEncoder>(_ => model.CreateImageEncoder(decoder));
        services.AddSingleton<ITextEncoder>(_ => model.CreateTextEncoder());
        services.AddSingleton<IHostLifetime, ToolLifetime>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(500));

        // Standard output is for results, or for a protocol.
        host.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return services.AddZeroShotCir(host.Configuration);
    }
}
