using System.CommandLine;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say how pictures become pixels.</summary>
internal sealed class PictureOptions
{
    private const string Apply = "apply";
    private const string Ignore = "ignore";
    private const string Pillow12 = "pillow12";
    private const string Pillow13 = "pillow13";
    private const string Full = "full";
    private const string Reduced = "reduced";
    private const string Rebuild = "Leave it out, or encode all pictures again by 'cir index --rebuild'.";
    private readonly Option<string> _orientation;
    private readonly Option<string> _resizeOrder = new("--resize-order")
    {
        Description = $"Which pass of a resize runs first: the width always ({Pillow12}), or the height of tall pictures, as Pillow does from 13.0 ({Pillow13}).",
        HelpName = $"{Pillow12}|{Pillow13}",
        DefaultValueFactory = _ => Pillow12,
    };

    private readonly Option<string> _resolution = new("--resolution")
    {
        Description = $"Decode every pixel ({Full}), or large JPEGs no larger than twice what the model is given needs ({Reduced}): several times quicker, "
            + "and embeddings come out a little different.",
        HelpName = $"{Full}|{Reduced}",
        DefaultValueFactory = _ => Full,
    };

    private readonly Option<long> _maxPixels = new("--max-pixels")
    {
        Description = "Refuse pictures of more pixels.",
        HelpName = "N",
        DefaultValueFactory = _ => DecodeLimits.Default.MaxPixels,
    };

    private readonly Option<long> _maxBytes = new("--max-bytes")
    {
        Description = "Refuse picture files of more bytes.",
        HelpName = "N",
        DefaultValueFactory = _ => DecodeLimits.Default.MaxBytes,
    };

    private readonly Option<long?> _memory = new("--decode-memory")
    {
        Description = $"How many megabytes decoded pictures may take at once; others wait. Without it, {DecodeMemory.Shared.Budget >> 20}.",
        HelpName = "MB",
    };

    private readonly Option<string> _decoder = new("--decoder")
    {
        Description = "What decodes pictures, the first that reads a format: skia, magick, imagesharp, or several joined by '+'; turbo is skia with the system's libturbojpeg.",
        HelpName = "NAME+NAME",
        DefaultValueFactory = _ => PictureDecoders.DefaultName,
    };

    private DecodeMemory? _budget;

    /// <param name="command">The command that reads pictures.</param>
    /// <param name="orientation">What becomes of the orientation where nothing is asked for: a person's pictures are turned, published benchmarks are not.</param>
    public PictureOptions(Command command, ImageOrientation orientation = ImageOrientation.Apply)
    {
        _orientation = new Option<string>("--orientation")
        {
            Description = $"Turn pictures upright as their EXIF says ({Apply}), or take the pixels as they are stored ({Ignore}), as published figures were computed.",
            HelpName = $"{Apply}|{Ignore}",
            DefaultValueFactory = _ => orientation == ImageOrientation.Apply ? Apply : Ignore,
        };
        _orientation.AcceptOnlyFromAmong(Apply, Ignore);
        _resizeOrder.AcceptOnlyFromAmong(Pillow12, Pillow13);
        _resolution.AcceptOnlyFromAmong(Full, Reduced);
        foreach (Option<long> limit in (Option<long>[])[_maxPixels, _maxBytes])
        {
            limit.Validators.Add(result => ToolOptions.Check<long>(result, limit, value => value >= 1, "a whole number of at least 1"));
        }

        _memory.Validators.Add(result => ToolOptions.Check<long>(result, _memory, value => value is >= 1 and <= long.MaxValue >> 20, "a whole number of at least 1"));
        command.Add(_orientation);
        command.Add(_resizeOrder);
        command.Add(_resolution);
        command.Add(_maxPixels);
        command.Add(_maxBytes);
        _decoder.Validators.Add(result => ToolOptions.Check<string>(result, _decoder, PictureDecoders.AreKnown, PictureDecoders.Expected));
        command.Add(_memory);
        command.Add(_decoder);
    }

    /// <summary>All who decode in one command share one budget.</summary>
    public DecodeOptions Read(ParseResult arguments, ImageReading? gallery = null) => new()
    {
        Limits = Limits(arguments),
        Orientation = gallery?.Orientation ?? (arguments.GetRequiredValue(_orientation) == Apply ? ImageOrientation.Apply : ImageOrientation.Ignore),
        Resolution = gallery?.Resolution ?? Resolution(arguments),
        Memory = arguments.GetValue(_memory) is { } megabytes ? _budget ??= new DecodeMemory(megabytes << 20) : DecodeMemory.Shared,
    };

    /// <summary>How a chat model gets pictures to look at: upright, as a person would see them, unless the options say otherwise.</summary>
    public DecodeOptions ReadForLooking(ParseResult arguments) => new(Read(arguments)) { Orientation = AskedOrientation(arguments) ?? ImageOrientation.Apply };

    public IImageDecoder Decoder(ParseResult arguments) => PictureDecoders.Named(arguments.GetRequiredValue(_decoder));

    public DecodeLimits Limits(ParseResult arguments) => new() { MaxPixels = arguments.GetRequiredValue(_maxPixels), MaxBytes = arguments.GetRequiredValue(_maxBytes) };

    public ResizeOrder ResizeOrder(ParseResult arguments)
        => arguments.GetRequiredValue(_resizeOrder) == Pillow13 ? Imaging.Resampling.ResizeOrder.Pillow13 : Imaging.Resampling.ResizeOrder.Pillow12;

    public ImageResolution Resolution(ParseResult arguments)
        => arguments.GetRequiredValue(_resolution) == Reduced ? ImageResolution.Reduced : ImageResolution.Full;

    /// <summary>Refuses options that ask for another reading of pictures than a gallery's.</summary>
    /// <exception cref="BadUsageException">One of them does.</exception>
    public void ThrowIfContrary(ParseResult arguments, ImageReading gallery)
    {
        if (AskedOrientation(arguments) is { } orientation && orientation != gallery.Orientation)
        {
            throw new BadUsageException(
                $"The pictures of the gallery were {(gallery.Orientation == ImageOrientation.Apply ? "turned upright" : "taken as they are stored")}; "
                + $"with --orientation {(orientation == ImageOrientation.Apply ? Apply : Ignore)} others would be compared with them. {Rebuild}");
        }

        if (AskedResizeOrder(arguments) is { } order && order != gallery.ResizeOrder)
        {
            throw new BadUsageException(
                $"The pictures of the gallery were resized in the order {(gallery.ResizeOrder == Imaging.Resampling.ResizeOrder.Pillow13 ? Pillow13 : Pillow12)}; "
                + $"--resize-order asks for the other one. {Rebuild}");
        }

        if (AskedResolution(arguments) is { } resolution && resolution != gallery.Resolution)
        {
            throw new BadUsageException(
                $"The pictures of the gallery were decoded at {(gallery.Resolution == ImageResolution.Full ? "full" : "reduced")} resolution; "
                + $"with --resolution {(resolution == ImageResolution.Full ? Full : Reduced)} others would be compared with them. {Rebuild}");
        }
    }

    /// <summary>An option that says how pictures become pixels and was given.</summary>
    public string? FirstReading(ParseResult arguments)
        => ((Option[])[_orientation, _resizeOrder, _resolution]).FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>The orientation that was asked for; <see langword="null"/> where the default stands.</summary>
    public ImageOrientation? AskedOrientation(ParseResult arguments)
        => arguments.GetResult(_orientation) is { Implicit: false } ? Read(arguments).Orientation : null;

    /// <summary>The resolution that was asked for; <see langword="null"/> where the default stands.</summary>
    public ImageResolution? AskedResolution(ParseResult arguments)
        => arguments.GetResult(_resolution) is { Implicit: false } ? Resolution(arguments) : null;

    /// <summary>The order that was asked for; <see langword="null"/> where the default stands.</summary>
    public ResizeOrder? AskedResizeOrder(ParseResult arguments)
        => arguments.GetResult(_resizeOrder) is { Implicit: false } ? ResizeOrder(arguments) : null;
}
