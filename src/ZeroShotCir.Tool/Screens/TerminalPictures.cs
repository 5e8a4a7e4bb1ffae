using System.Globalization;
using System.Text;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tool.Screens;

/// <summary>Draws small pictures in a terminal: by the kitty protocol, by sixels, or by half blocks in 24-bit color.</summary>
internal sealed class TerminalPictures
{
    public const string Automatic = "auto";
    private const string Kitty = "kitty", Sixel = "sixel", Blocks = "blocks", Off = "off";
    private const int Edge = 160, BlockColumns = 24, KittyChunk = 4096, SixelLevels = 6;
    private readonly string _way;
    private readonly SkiaImageShrinker _shrinker;
    private readonly SkiaImageDecoder _decoder = new();

    private TerminalPictures(string way, IImageDecoder decoder)
    {
        _way = way;
        _shrinker = new SkiaImageShrinker(decoder, quality: 90);
    }

    /// <summary>The ways there are.</summary>
    public static IReadOnlyList<string> Ways { get; } = [Automatic, Kitty, Sixel, Blocks, Off];

    /// <summary>What draws in a way; <see langword="null"/> where nothing is drawn.</summary>
    public static TerminalPictures? Create(string way, Func<IImageDecoder> decoder)
    {
        string chosen = way == Automatic ? Detect(Environment.GetEnvironmentVariable) : way;
        return chosen == Off ? null : new TerminalPictures(chosen, decoder());
    }

    /// <summary>The way that a terminal is known to understand, by what it says of itself.</summary>
    public static string Detect(Func<string, string?> variable)
    {
        string term = variable("TERM") ?? "", program = variable("TERM_PROGRAM") ?? "";
        // A multiplexer between the program and the terminal lets neither protocol through.
        bool isMultiplexed = variable("TMUX") is not null || term.StartsWith("screen", StringComparison.Ordinal) || term.StartsWith("tmux", StringComparison.Ordinal);
        bool hasSixels = program is "WezTerm" or "iTerm.app" || term.Contains("sixel", StringComparison.Ordinal)
            || term.StartsWith("foot", StringComparison.Ordinal) || term.StartsWith("mlterm", StringComparison.Ordinal);
        return !isMultiplexed && (term == "xterm-kitty" || variable("KITTY_WINDOW_ID") is not null || term == "xterm-ghostty" || program == "ghostty") ? Kitty
            : !isMultiplexed && hasSixels ? Sixel
            : variable("COLORTERM") is "truecolor" or "24bit" ? Blocks
            : Off;
    }

    /// <summary>The characters that draw a picture; <see langword="null"/> where its file cannot be read.</summary>
    public string? Draw(string? file)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            using RgbImage image = _decoder.Decode(_shrinker.Shrink(ImageData.FromFile(file), _way == Blocks ? BlockColumns : Edge).Data.Span, new DecodeOptions());
            return Encode(_way, image.Width, image.Height, image.Pixels.Span);
        }
        catch (InvalidImageException)
        {
            return null;
        }
    }

    /// <summary>The characters that draw pixels in a way.</summary>
    public static string Encode(string way, int width, int height, ReadOnlySpan<byte> rgb) => way switch
    {
        Kitty => EncodeKitty(width, height, rgb),
        Sixel => EncodeSixel(width, height, rgb),
        _ => EncodeBlocks(width, height, rgb),
    };

    private static string EncodeKitty(int width, int height, ReadOnlySpan<byte> rgb)
    {
        string data = Convert.ToBase64String(rgb);
        StringBuilder text = new();
        for (int start = 0; start < data.Length; start += KittyChunk)
        {
            int length = Math.Min(KittyChunk, data.Length - start);
            string more = start + length < data.Length ? "m=1" : "m=0";
            text.Append(CultureInfo.InvariantCulture, $"\e_G{(start == 0 ? $"a=T,f=24,s={width},v={height},q=2," : "")}{more};").Append(data, start, length).Append("\e\\");
        }

        return text.Append('\n').ToString();
    }

    // A fixed cube of colors: six levels for each primary.
    private static string EncodeSixel(int width, int height, ReadOnlySpan<byte> rgb)
    {
        StringBuilder text = new(FormattableString.Invariant($"\ePq\"1;1;{width};{height}"));
        byte[] colors = new byte[width * height];
        SortedSet<byte> used = [];
        for (int i = 0; i < colors.Length; i++)
        {
            int color = 0;
            foreach (byte value in rgb.Slice(3 * i, 3))
            {
                color = (SixelLevels * color) + (((value * (SixelLevels - 1)) + 127) / 255);
            }

            used.Add(colors[i] = (byte)color);
        }

        foreach (byte color in used)
        {
            text.Append(CultureInfo.InvariantCulture, $"#{color};2;{Percent(color / 36)};{Percent(color / 6 % 6)};{Percent(color % 6)}");
        }

        for (int top = 0; top < height; top += 6)
        {
            foreach (byte color in used)
            {
                string row = Row(color, top);
                if (row.AsSpan().ContainsAnyExcept('?'))
                {
                    text.Append(CultureInfo.InvariantCulture, $"#{color}").Append(row).Append('$');
                }
            }

            text.Append('-');
        }

        return text.Append("\e\\\n").ToString();

        static int Percent(int level) => level * 100 / (SixelLevels - 1);

        string Row(byte color, int top) => string.Create(width, (color, top), (row, state) =>
        {
            for (int x = 0; x < row.Length; x++)
            {
                int bits = 0;
                for (int y = 0; y < 6 && state.top + y < height; y++)
                {
                    bits |= colors[((state.top + y) * width) + x] == state.color ? 1 << y : 0;
                }

                row[x] = (char)('?' + bits);
            }
        });
    }

    // Each character is two pixels: the upper one in the foreground, the lower one behind it.
    private static string EncodeBlocks(int width, int height, ReadOnlySpan<byte> rgb)
    {
        StringBuilder text = new();
        for (int y = 0; y < height; y += 2)
        {
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<byte> upper = rgb.Slice(3 * ((y * width) + x), 3);
                text.Append(CultureInfo.InvariantCulture, $"\e[38;2;{upper[0]};{upper[1]};{upper[2]}m");
                if (y + 1 < height)
                {
                    ReadOnlySpan<byte> lower = rgb.Slice(3 * (((y + 1) * width) + x), 3);
                    text.Append(CultureInfo.InvariantCulture, $"\e[48;2;{lower[0]};{lower[1]};{lower[2]}m");
                }

                text.Append('▀').Append("\e[0m");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
