using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.ImageSharp;
using ZeroShotCir.Imaging.Magick;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tool.Options;

/// <summary>The decoders of the tool by their names.</summary>
internal static class PictureDecoders
{
    public const string DefaultName = "skia+magick";
    public const string Expected = "skia or turbo, magick and imagesharp, each once, joined by '+'";

    private static readonly Dictionary<string, Func<IImageDecoder>> All = new()
    {
        ["skia"] = () => new SkiaImageDecoder(),
        ["turbo"] = () => new SkiaImageDecoder { PrefersSystemJpeg = true },
        ["magick"] = () => new MagickImageDecoder(),
        ["imagesharp"] = () => new ImageSharpImageDecoder(),
    };

    /// <summary>What every command decodes by that is not told otherwise.</summary>
    public static IImageDecoder Default => Named(DefaultName);

    public static bool AreKnown(string names)
        => names.Split('+') is var each && each.All(All.ContainsKey) && each.Distinct().Count() == each.Length && !(each.Contains("skia") && each.Contains("turbo"));

    public static IImageDecoder Named(string names) => new DecoderChain([.. names.Split('+').Select(name => All[name]())]);
}
