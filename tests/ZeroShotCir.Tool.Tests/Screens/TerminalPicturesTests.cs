using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Tool.Tests.Screens;

/// <summary>What is drawn in a terminal, read back by decoders that know the protocols and nothing of the encoder.</summary>
public sealed partial class TerminalPicturesTests
{
    private static readonly Type Pictures = Assembly.LoadFrom(ToolProcess.Assembly).GetTypes().Single(type => type.Name == "TerminalPictures");
    private static readonly Encoder Encode = Pictures.GetMethod("Encode", BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Encoder>();

    private delegate string Encoder(string way, int width, int height, ReadOnlySpan<byte> rgb);

    public static TheoryData<int, int> Sizes => [.. new (int, int)[] { (1, 1), (3, 2), (2, 7), (24, 18), (5, 6), (17, 13), (60, 61), (160, 120) }];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_kitty_protocol_carries_every_pixel_in_chunks(int width, int height)
    {
        byte[] pixels = Random(width, height);

        string drawn = Encode("kitty", width, height, pixels);

        Match[] chunks = [.. KittyChunk().Matches(drawn).Cast<Match>()];
        Assert.Equal(drawn, string.Concat(chunks.Select(chunk => chunk.Value)) + "\n");
        Dictionary<string, string>[] keys =
            [.. chunks.Select(chunk => chunk.Groups[1].Value.Split(',').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]))];
        Assert.Equal(("T", "24", $"{width}", $"{height}"), (keys[0]["a"], keys[0]["f"], keys[0]["s"], keys[0]["v"]));
        Assert.Equal("2", keys[0]["q"]); // The terminal's answers would be typed into the shell.
        Assert.All(keys[1..], more => Assert.Equal(["m"], more.Keys));
        Assert.All(keys[..^1], more => Assert.Equal("1", more["m"]));
        Assert.Equal("0", keys[^1]["m"]);
        // The protocol: at most 4,096 characters each, and all but the last a multiple of 4.
        Assert.All(chunks, chunk => Assert.InRange(chunk.Groups[2].Length, 1, 4096));
        Assert.All(chunks[..^1], chunk => Assert.Equal(0, chunk.Groups[2].Length % 4));
        Assert.Equal(pixels, Convert.FromBase64String(string.Concat(chunks.Select(chunk => chunk.Groups[2].Value))));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sixels_paint_every_pixel_once_in_the_nearest_color(int width, int height)
    {
        byte[] pixels = Random(width, height);

        int[]?[] painted = ReadSixels(Encode("sixel", width, height, pixels), width, height);

        for (int i = 0; i < painted.Length; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                double given = pixels[(3 * i) + channel] * 100 / 255.0;
                int nearest = new[] { 0, 20, 40, 60, 80, 100 }.MinBy(level => Math.Abs(level - given));
                Assert.Equal(nearest, painted[i]![channel]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Half_blocks_are_two_pixels_each(int width, int height)
    {
        byte[] pixels = Random(width, height);

        string[] lines = Encode("blocks", width, height, pixels).Split('\n');

        Assert.Equal((height + 1) / 2, lines.Length - 1);
        Assert.Empty(lines[^1]);
        for (int line = 0; line < lines.Length - 1; line++)
        {
            Match[] cells = [.. Cell().Matches(lines[line]).Cast<Match>()];
            Assert.Equal(lines[line], string.Concat(cells.Select(cell => cell.Value)));
            Assert.Equal(width, cells.Length);
            for (int x = 0; x < width; x++)
            {
                Assert.Equal(At(x, 2 * line), cells[x].Groups[1].Value);
                Assert.Equal((2 * line) + 1 < height ? At(x, (2 * line) + 1) : "", cells[x].Groups[2].Value);
            }
        }

        string At(int x, int y) => string.Join(';', pixels.AsSpan(3 * ((y * width) + x), 3).ToArray());
    }

    [Theory]
    [InlineData("kitty", "TERM", "xterm-kitty")]
    [InlineData("kitty", "TERM_PROGRAM", "ghostty")]
    [InlineData("sixel", "TERM", "foot-extra")]
    [InlineData("sixel", "TERM_PROGRAM", "WezTerm")]
    [InlineData("blocks", "COLORTERM", "truecolor")]
    [InlineData("off", "TERM", "xterm-256color")]
    [InlineData("off", "TERM", "dumb")]
    [InlineData("off", "TERM", "xterm-kitty", "TMUX", "/tmp/tmux")]
    [InlineData("blocks", "TERM", "screen-256color", "KITTY_WINDOW_ID", "1", "COLORTERM", "truecolor")]
    public void A_terminal_gets_what_it_is_known_to_understand(string way, params string[] variables)
    {
        Dictionary<string, string> set = variables.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(way, Pictures.GetMethod("Detect")!.Invoke(null, [(string name) => set.GetValueOrDefault(name)]));
    }

    private static byte[] Random(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random((width * 1000) + height).NextBytes(pixels);
        return pixels;
    }

    // DEC STD 070: a device control string, raster attributes, colors in percent, columns of six pixels, $ back to the left, - to the next six rows.
    private static int[]?[] ReadSixels(string text, int width, int height)
    {
        Match whole = Sixels().Match(text);
        Assert.True(whole.Success);
        Assert.Equal($"1;1;{width};{height}", whole.Groups[1].Value);
        string data = whole.Groups[2].Value;
        Dictionary<int, int[]> colors = [];
        int[]?[] painted = new int[width * height][];
        int[]? pen = null;
        (int x, int top) = (0, 0);
        for (int at = 0; at < data.Length;)
        {
            char c = data[at++];
            switch (c)
            {
                case '#':
                    int[] numbers = [.. Numbers().Match(data, at).Value.Split(';').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
                    at += Numbers().Match(data, at).Length;
                    if (numbers.Length == 5)
                    {
                        Assert.Equal(2, numbers[1]);
                        colors.Add(numbers[0], numbers[2..]);
                    }
                    else
                    {
                        pen = colors[Assert.Single(numbers)];
                    }

                    break;
                case '$':
                    x = 0;
                    break;
                case '-':
                    (x, top) = (0, top + 6);
                    break;
                default:
                    Assert.InRange(c, '?', '~');
                    for (int bit = 0; bit < 6; bit++)
                    {
                        if (((c - '?') >> bit & 1) != 0)
                        {
                            int position = ((top + bit) * width) + x;
                            Assert.True(x < width && top + bit < height && painted[position] is null, $"The pixel {x}, {top + bit} is painted twice, or is none.");
                            painted[position] = pen!;
                        }
                    }

                    x++;
                    break;
            }
        }

        Assert.DoesNotContain(null, painted);
        return painted;
    }

    [GeneratedRegex(@"\e_G([^;]*);([A-Za-z0-9+/=]+)\e\\")]
    private static partial Regex KittyChunk();

    [GeneratedRegex(@"^\ePq""([\d;]+)([#?-~$\-\d;]*)\e\\\n$")]
    private static partial Regex Sixels();

    [GeneratedRegex(@"\G[\d;]+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\e\[38;2;([\d;]+)m(?:\e\[48;2;([\d;]+)m)?▀\e\[0m")]
    private static partial Regex Cell();
}
