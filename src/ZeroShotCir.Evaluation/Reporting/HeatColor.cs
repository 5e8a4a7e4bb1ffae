namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>A color of the heatmaps: from dark blue over green to yellow, evenly spaced to the eye and to the color-blind.</summary>
internal readonly record struct HeatColor(byte Red, byte Green, byte Blue)
{
    private static readonly HeatColor[] Stops =
    [
        new(0x2B, 0x1E, 0x5C), new(0x3B, 0x4A, 0x8C), new(0x2C, 0x75, 0x8E), new(0x22, 0x9C, 0x87), new(0x5A, 0xC1, 0x65), new(0xB5, 0xDC, 0x3A), new(0xFC, 0xE6, 0x4B),
    ];

    /// <summary>Whether dark text reads better on it than light text.</summary>
    public bool IsLight => (0.299 * Red) + (0.587 * Green) + (0.114 * Blue) > 140;

    /// <summary>The color of a share between 0 and 1.</summary>
    public static HeatColor FromShare(double share)
    {
        double place = Math.Clamp(share, 0, 1) * (Stops.Length - 1);
        int below = Math.Min((int)place, Stops.Length - 2);
        (HeatColor a, HeatColor b, double t) = (Stops[below], Stops[below + 1], place - below);
        return new HeatColor(Mix(a.Red, b.Red, t), Mix(a.Green, b.Green, t), Mix(a.Blue, b.Blue, t));
    }

    public override string ToString() => $"#{Red:X2}{Green:X2}{Blue:X2}";

    private static byte Mix(byte a, byte b, double t) => (byte)Math.Round(a + ((b - a) * t));
}
