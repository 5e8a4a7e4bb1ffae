using System.CommandLine;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluator.CommandLine;

/// <summary>The options that say how pictures are decoded.</summary>
internal sealed class PictureOptions
{
    private const string Apply = "apply";
    private const string Ignore = "ignore";
    private readonly Option<string> _orientation;

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
        command.Add(_orientation);
    }

    public DecodeOptions Read(ParseResult arguments) => new()
    {
        Orientation = arguments.GetRequiredValue(_orientation) == Apply ? ImageOrientation.Apply : ImageOrientation.Ignore,
    };

    /// <summary>The orientation that was asked for; <see langword="null"/> where the default stands.</summary>
    public ImageOrientation? Asked(ParseResult arguments)
        => arguments.GetResult(_orientation) is { Implicit: false } ? Read(arguments).Orientation : null;
}
