using ZeroShotCir.Imaging;

namespace ZeroShotCir.Benchmarks.Imaging;

/// <summary>CLIP's preprocessing as one would first write it: the whole image, one tap after the other, in float, normalised at the end.</summary>
internal static class StraightforwardPreprocessing
{
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] Std = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>Of an image that is wider than high.</summary>
    public static void Run(RgbImage image, Span<float> tensor)
    {
        int width = 224 * image.Width / image.Height;
        byte[] wide = new byte[width * image.Height * 3];
        Resize(image.Pixels.Span, image.Width, 3, wide, width, 3, image.Height, image.Width * 3, width * 3);
        byte[] small = new byte[width * 224 * 3];
        Resize(wide, image.Height, width * 3, small, 224, width * 3, width, 3, 3);
        for (int i = 0; i < tensor.Length; i++)
        {
            (int channel, int y, int x) = (i / (224 * 224), i / 224 % 224, i % 224);
            byte value = small[(((y * width) + x + ((width - 224) / 2)) * 3) + channel];
            tensor[i] = ((value / 255f) - Mean[channel]) / Std[channel];
        }
    }

    /// <summary>Resizes one axis: its pixels lie <paramref name="step"/> bytes apart, the lines along it <paramref name="line"/> bytes.</summary>
    private static void Resize(ReadOnlySpan<byte> source, int length, int step, Span<byte> result, int newLength, int newStep, int lines, int line, int newLine)
    {
        float scale = (float)length / newLength;
        for (int i = 0; i < newLength; i++)
        {
            float center = (i + 0.5f) * scale;
            int first = Math.Max(0, (int)(center - (2 * scale) + 0.5f));
            int last = Math.Min(length, (int)(center + (2 * scale) + 0.5f));
            float[] weights = [.. Enumerable.Range(first, last - first).Select(x => Cubic(MathF.Abs(x - center + 0.5f) / scale))];
            float total = weights.Sum();
            for (int j = 0; j < lines * 3; j++)
            {
                float sum = 0;
                for (int tap = 0; tap < weights.Length; tap++)
                {
                    sum += weights[tap] * source[(j / 3 * line) + ((first + tap) * step) + (j % 3)];
                }

                result[(j / 3 * newLine) + (i * newStep) + (j % 3)] = (byte)Math.Clamp(MathF.Round(sum / total), 0, 255);
            }
        }
    }

    private static float Cubic(float x)
        => x < 1 ? (((1.5f * x) - 2.5f) * x * x) + 1 : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * -0.5f : 0;
}
