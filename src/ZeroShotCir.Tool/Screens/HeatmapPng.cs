using System.Globalization;
using System.Reflection;
using SkiaSharp;
using ZeroShotCir.Evaluation.Reporting;

namespace ZeroShotCir.Tool.Screens;

/// <summary>Draws a heatmap into a PNG file, with the font that travels with the tool: bare machines have none.</summary>
internal sealed class HeatmapPng : IDisposable
{
    private const int Cell = 68;
    private const int Left = 104;
    private const int Top = 128;
    private const int Margin = 36;
    private const int Bottom = 96;
    private static readonly SKColor Ink = new(0x1D, 0x20, 0x26);
    private static readonly SKColor Soft = new(0x62, 0x6A, 0x76);
    private static readonly SKColor Best = new(0xE1, 0x1D, 0x48);

    private readonly SKTypeface _typeface;

    public HeatmapPng()
    {
        using Stream font = Assembly.GetExecutingAssembly().GetManifestResourceStream("Roboto-Regular.ttf")!;
        _typeface = SKTypeface.FromStream(font);
    }

    public void Write(Heatmap map, FileInfo file)
    {
        int width = Left + (map.Betas.Count * Cell) + Margin;
        int height = Top + (map.Alphas.Count * Cell) + Bottom;
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (SKCanvas canvas = new(bitmap))
        {
            canvas.Clear(SKColors.White);
            DrawAxes(canvas, map);
            DrawCells(canvas, map);
            DrawMarks(canvas, map);
            DrawLegend(canvas, map, height - Bottom + 30);
        }

        file.Directory?.Create();
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using FileStream stream = File.Create(file.FullName);
        png.SaveTo(stream);
    }

    public void Dispose() => _typeface.Dispose();

    private void DrawAxes(SKCanvas canvas, Heatmap map)
    {
        Text(canvas, map.Title, Left, 48, 30, Ink, SKTextAlign.Left);
        Text(canvas, "β, weight of the captions", Left, 84, 21, Soft, SKTextAlign.Left);
        int bottom = Top + (map.Alphas.Count * Cell);
        canvas.Save();
        canvas.RotateDegrees(-90, 32, bottom);
        Text(canvas, "α, weight of the text", 32, bottom, 21, Soft, SKTextAlign.Left);
        canvas.Restore();
        for (int beta = 0; beta < map.Betas.Count; beta++)
        {
            Text(canvas, Weight(map.Betas[beta]), Left + (beta * Cell) + (Cell / 2), Top - 12, 20, Soft, SKTextAlign.Center);
        }

        for (int alpha = 0; alpha < map.Alphas.Count; alpha++)
        {
            Text(canvas, Weight(map.Alphas[alpha]), Left - 12, Top + (alpha * Cell) + (Cell / 2) + 7, 20, Soft, SKTextAlign.Right);
        }
    }

    private void DrawCells(SKCanvas canvas, Heatmap map)
    {
        for (int alpha = 0; alpha < map.Alphas.Count; alpha++)
        {
            for (int beta = 0; beta < map.Betas.Count; beta++)
            {
                HeatColor color = HeatColor.FromShare(map.Share(map[alpha, beta]));
                using SKPaint fill = new() { Color = ToSkia(color) };
                (int x, int y) = (Left + (beta * Cell), Top + (alpha * Cell));
                canvas.DrawRect(x, y, Cell, Cell, fill);
                Text(canvas, Figure(map[alpha, beta]), x + (Cell / 2), y + (Cell / 2) + 7, 20, color.IsLight ? Ink : SKColors.White, SKTextAlign.Center);
            }
        }
    }

    // Last, so that no neighbouring cell paints over the frames.
    private static void DrawMarks(SKCanvas canvas, Heatmap map)
    {
        for (int alpha = 0; alpha < map.Alphas.Count; alpha++)
        {
            for (int beta = 0; beta < map.Betas.Count; beta++)
            {
                if (map.IsChosen(alpha, beta) || map.IsHighest(alpha, beta))
                {
                    Frame(canvas, Left + (beta * Cell) + 3, Top + (alpha * Cell) + 3, Cell - 6, map.IsChosen(alpha, beta) ? Ink : Best);
                }
            }
        }
    }

    private void DrawLegend(SKCanvas canvas, Heatmap map, int y)
    {
        const int Steps = 60;
        const int Step = 4;
        for (int i = 0; i < Steps; i++)
        {
            using SKPaint fill = new() { Color = ToSkia(HeatColor.FromShare(i / (Steps - 1.0))) };
            canvas.DrawRect(Left + (i * Step), y, Step, 18, fill);
        }

        int end = Left + (Steps * Step);
        Text(canvas, $"{Figure(map.Lowest)} %", Left, y + 42, 19, Soft, SKTextAlign.Left);
        Text(canvas, $"{Figure(map.Highest)} %", end, y + 42, 19, Soft, SKTextAlign.Right);
        Frame(canvas, end + 36, y - 1, 20, Best);
        Text(canvas, "highest", end + 66, y + 16, 19, Soft, SKTextAlign.Left);
        if (map.Chosen is not null)
        {
            Frame(canvas, end + 156, y - 1, 20, Ink);
            Text(canvas, "used", end + 186, y + 16, 19, Soft, SKTextAlign.Left);
        }
    }

    private static void Frame(SKCanvas canvas, float x, float y, float size, SKColor color)
    {
        using SKPaint line = new() { Color = color, Style = SKPaintStyle.Stroke, StrokeWidth = 4, IsAntialias = true };
        canvas.DrawRoundRect(x, y, size, size, 4, 4, line);
    }

    private void Text(SKCanvas canvas, string text, float x, float y, float size, SKColor color, SKTextAlign align)
    {
        using SKFont font = new(_typeface, size) { Subpixel = true, Edging = SKFontEdging.Antialias };
        using SKPaint paint = new() { Color = color, IsAntialias = true };
        canvas.DrawText(text, x, y, align, font, paint);
    }

    private static string Weight(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Figure(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static SKColor ToSkia(HeatColor color) => new(color.Red, color.Green, color.Blue);
}
