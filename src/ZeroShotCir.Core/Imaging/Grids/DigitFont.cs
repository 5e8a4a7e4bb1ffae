using System.Globalization;

namespace ZeroShotCir.Imaging.Grids;

/// <summary>The ten digits, five dots wide and seven high.</summary>
internal static class DigitFont
{
    public const int Width = 5;
    public const int Height = 7;

    private static readonly string[] Rows =
    [
        ".###. ..#.. .###. ##### ...#. ##### ..##. ##### .###. .###.",
        "#...# .##.. #...# ...#. ..##. #.... .#... ....# #...# #...#",
        "#..## ..#.. ....# ..#.. .#.#. ####. #.... ...#. #...# #...#",
        "#.#.# ..#.. ..##. .###. #..#. ....# ####. ..#.. .###. .####",
        "##..# ..#.. .#... ....# ##### ....# #...# .#... #...# ....#",
        "#...# ..#.. #.... #...# ...#. #...# #...# .#... #...# ...#.",
        ".###. .###. ##### .###. ...#. .###. .###. .#... .###. .##..",
    ];

    /// <summary>Whether a dot of a digit is black.</summary>
    public static bool IsBlack(int digit, int x, int y) => Rows[y][(digit * (Width + 1)) + x] == '#';

    /// <summary>Draws a number in black.</summary>
    /// <param name="number">The number, at least 0.</param>
    /// <param name="pixels">An RGB image.</param>
    /// <param name="imageWidth">Its width.</param>
    /// <param name="left">Where the number begins.</param>
    /// <param name="top">Where its first row is.</param>
    /// <param name="scale">How many pixels a dot is wide and high.</param>
    public static void Draw(int number, Span<byte> pixels, int imageWidth, int left, int top, int scale)
    {
        foreach (char digit in number.ToString(CultureInfo.InvariantCulture))
        {
            for (int y = 0; y < Height * scale; y++)
            {
                for (int x = 0; x < Width * scale; x++)
                {
                    if (left + x < imageWidth && IsBlack(digit - '0', x / scale, y / scale))
                    {
                        pixels.Slice((((top + y) * imageWidth) + left + x) * 3, 3).Clear();
                    }
                }
            }

            left += (Width + 1) * scale;
        }
    }
}
