using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Serving;

/// <summary>The gallery or store that a server searches, with its model and decoders, as options of the tool say.</summary>
internal sealed class ServedGallery
{
    private readonly Argument<DirectoryInfo?> _gallery = new("GALLERY")
    {
        Description = "The gallery folder, as 'cir index' makes it. With --store it gives the model, the pictures and their folders, and may be left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<DirectoryInfo?> _pictures = new("--pictures")
    {
        Description = "With --store and without a gallery: the folder of the pictures, below which their ids are paths.",
        HelpName = "DIR",
    };

    private readonly EncoderOptions _model;
    private readonly StoreOptions _store;

    public ServedGallery(Command command)
    {
        _gallery.CustomParser = ToolOptions.GalleryOf;
        command.Add(_gallery);
        _model = new EncoderOptions(command, isRequired: false) { Services = new ServiceOptions(command) };
        _store = new StoreOptions(command, "--store", isRequired: false, allowsReplicas: true);
        command.Add(_pictures);
        command.Validators.Add(result =>
        {
            bool isStore = _store.IsGiven(result);
            if (result.GetValue(_gallery) is null && !isStore)
            {
                result.AddError($"'cir {command.Name}' needs a gallery folder, or --store with the address of a store.");
            }
            else if (result.GetValue(_pictures) is not null && (!isStore || result.GetValue(_gallery) is not null))
            {
                result.AddError("--pictures tells where the pictures of a store are; a gallery knows it of its own. Leave it out.");
            }
        });
    }

    /// <summary>What is served, as the command line names it.</summary>
    public string NameOf(ParseResult arguments) => arguments.GetValue(_gallery)?.ToString() ?? _store.NameOf(arguments);

    /// <summary>The last part of the name, for a title.</summary>
    public string TitleOf(ParseResult arguments) => arguments.GetValue(_gallery)?.Name ?? _store.NameOf(arguments).Split('/')[^1];

    /// <summary>The folder of the pictures of a store without a gallery.</summary>
    public DirectoryInfo? Pictures(ParseResult arguments) => arguments.GetValue(_pictures);

    /// <summary>Registers what searches the gallery.</summary>
    /// <exception cref="InvalidGalleryException">It cannot be opened.</exception>
    /// <exception cref="BadUsageException">Nobody says where its model is.</exception>
    public async Task<ZeroShotCirBuilder> RegisterAsync(ParseResult arguments, IHostApplicationBuilder host, CancellationToken cancellationToken)
    {
        IServiceCollection services = host.Services;
        DirectoryInfo? folder = arguments.GetValue(_gallery);
        ImageReading? reading = folder is null ? null : Gallery.Open(folder.FullName).Model?.Reading;
        if (_store.IsGiven(arguments))
        {
            IGalleryStore store = await _store.OpenAsync(arguments);
            services.AddSingleton(_ => store); // Made by the services, in their eyes: they dispose it.
            reading ??= (await store.GetDescriptionAsync(cancellationToken))?.Model?.Reading;
        }

        EncoderSource model = folder is not null ? _model.OpenEncoders(arguments, IndexedModel.Read(folder), folder, reading)
            : _model.IsGiven(arguments) ? _model.OpenEncoders(arguments, reading)
            : throw new BadUsageException("A store does not say where its model is. Give --model, or the gallery that was pushed to it.");
        IImageDecoder decoder = _model.Pictures.Decoder(arguments);
        host.Configuration.AddInMemoryCollection([new("ZeroShotCir:Gallery:Folder", folder?.FullName), new("ZeroShotCir:Gallery:ReloadInterval", "00:00:05")]);
        services.AddSingleton(decoder);
        services.AddSingleton<IImageShrinker>(new SkiaImageShrinker(decoder));
        // Whoever is served last disposes them: the services do, and what they belong to ends with the program.
        services.AddSingleton(_ => model.Images());
        services.AddSingleton(_ => model.Texts());
        services.AddSingleton<IHostLifetime, ToolLifetime>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(500));

        // Standard output is for results, or for a protocol.
        host.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return services.AddZeroShotCir(host.Configuration);
    }
}
