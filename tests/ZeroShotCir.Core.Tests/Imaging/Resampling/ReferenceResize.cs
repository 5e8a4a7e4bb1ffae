using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Tests.Imaging.Resampling;

/// <summary>Pillow's 8-bit resize written for reading: whole image, one tap after the other, nothing remembered or skipped.</summary>
internal static class ReferenceResize
{
    public static byte[] Resize(byte[] pixels, int width, int height, int newWidth, int newHeight, ResampleFilter filter, ResizeOrder order = ResizeOrder.Pillow12)
    {
        if (order == ResizeOrder.Pillow13 && newHeight < height && height - newHeight > 2 * (width - newWidth))
        {
            byte[] low = Pass(pixels, height, width, newHeight, filter, alongRows: false);
            return newWidth == width ? low : Pass(low, width, newHeight, newWidth, filter, alongRows: true);
        }

        byte[] wide = newWidth == width ? pixels : Pass(pixels, width, height, newWidth, filter, alongRows: true);
        return newHeight == height ? wide : Pass(wide, height, newWidth, newHeight, filter, alongRows: false);
    }

    /// <summary>Resizes one axis of length <paramref name="length"/> while the other of length <paramref name="others"/> stays.</summary>
    private static byte[] Pass(byte[] pixels, int length, int others, int newLength, ResampleFilter filter, bool alongRows)
    {
        byte[] result = new byte[newLength * others * 3];
        double position = (double)length / newLength * 0.5;
        for (int i = 0; i < newLength; i++, position += (double)length / newLength)
        {
            (int first, int[] weights) = filter == ResampleFilter.Nearest ? ((int)position, [1 << 22]) : Weights(i, length, newLength, filter);
            for (int other = 0; other < others; other++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    long sum = 1 << 21;
                    for (int t = 0; t < weights.Length; t++)
                    {
                        int pixel = alongRows ? (other * length) + first + t : ((first + t) * others) + other;
                        sum += (long)weights[t] * pixels[(pixel * 3) + channel];
                    }

                    int target = alongRows ? (other * newLength) + i : (i * others) + other;
                    result[(target * 3) + channel] = (byte)Math.Clamp(sum >> 22, 0, 255);
                }
            }
        }

        return result;
    }

    private static (int First, int[] Weights) Weights(int i, int length, int newLength, ResampleFilter filter)
    {
        double scale = (double)length / newLength;
        double widened = Math.Max(scale, 1);
        double support = widened * filter switch
        {
            ResampleFilter.Box => 0.5,
            ResampleFilter.Bilinear or ResampleFilter.Hamming => 1,
            ResampleFilter.Bicubic => 2,
            _ => 3,
        };
        double center = (i + 0.5) * scale;
        int first = Math.Max(0, (int)(center - support + 0.5));
        int end = Math.Min(length, (int)(center + support + 0.5));
        double[] weights = [.. Enumerable.Range(first, end - first).Select(x => Filter(filter, (x - center + 0.5) * (1 / widened)))];
        double sum = 0;
        foreach (double weight in weights)
        {
            sum += weight;
        }

        return (first, [.. weights.Select(w => (int)Math.Truncate((w / sum * (1 << 22)) + (w / sum < 0 ? -0.5 : 0.5)))]);
    }

    private static double Filter(ResampleFilter filter, double x)
    {
        double distance = Math.Abs(x);
        return filter switch
        {
            ResampleFilter.Box => x > -0.5 && x <= 0.5 ? 1 : 0,
            ResampleFilter.Bilinear => distance < 1 ? 1 - distance : 0,
            ResampleFilter.Hamming => distance == 0 ? 1 : distance >= 1 ? 0
                : Math.Sin(distance * Math.PI) / (distance * Math.PI) * (0.54f + (0.46f * Math.Cos(distance * Math.PI))),
            ResampleFilter.Bicubic => distance < 1 ? (((1.5 * distance) - 2.5) * distance * distance) + 1
                : distance < 2 ? (((((distance - 5) * distance) + 8) * distance) - 4) * -0.5
                : 0,
            _ => x >= -3 && x < 3 ? Sinc(x) * Sinc(x / 3) : 0,
        };
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
