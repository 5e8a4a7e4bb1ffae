using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>The sizes and offsets that a description of preprocessing means for one image, rounded as the reference programs round them.</summary>
internal static class PreprocessingGeometry
{
    public static (ResampleAxis Columns, ResampleAxis Rows) Measure(ImagePreprocessing settings, int width, int height)
    {
        ImageSize borders = settings.Padding?.BordersOf(width, height) ?? default;
        (long resizedWidth, long resizedHeight) = Resize(settings, width + (2L * borders.Width), height + (2L * borders.Height));
        return (
            Crop(width, borders.Width, resizedWidth, settings.Crop?.Width, settings.CropRounding),
            Crop(height, borders.Height, resizedHeight, settings.Crop?.Height, settings.CropRounding));
    }

    private static (long Width, long Height) Resize(ImagePreprocessing settings, long width, long height)
    {
        (int targetWidth, int targetHeight) = settings.Size;
        if (settings.Resize == ResizeMode.None)
        {
            return (width, height);
        }

        if (settings.Resize == ResizeMode.Exact)
        {
            return (targetWidth, targetHeight);
        }

        bool shortest = settings.Resize == ResizeMode.ShortestEdge;
        if (shortest && targetWidth == targetHeight)
        {
            // torchvision and Hugging Face cut the longer edge to an integer ...
            return width <= height
                ? (targetWidth, targetWidth * height / width)
                : (targetWidth * width / height, targetWidth);
        }

        // ... while OpenCLIP rounds both edges, halves to even.
        double ratioOfWidth = (double)width / targetWidth;
        double ratioOfHeight = (double)height / targetHeight;
        double ratio = shortest ? Math.Min(ratioOfWidth, ratioOfHeight) : Math.Max(ratioOfWidth, ratioOfHeight);
        return (Math.Max(1, (long)Math.Round(width / ratio)), Math.Max(1, (long)Math.Round(height / ratio)));
    }

    private static ResampleAxis Crop(int source, int border, long resized, int? kept, CropRounding rounding)
    {
        int count = kept ?? (int)resized;
        long rest = resized - count;
        long offset = rounding == CropRounding.Floor || rest < 0
            ? FloorOfHalf(rest, rounding)
            : (long)Math.Round(rest / 2.0);
        return new ResampleAxis(source, border, resized, offset, count);
    }

    /// <summary>Where pixels are missing, Hugging Face puts the larger half before the image and torchvision the smaller.</summary>
    private static long FloorOfHalf(long rest, CropRounding rounding)
        => rounding == CropRounding.Floor ? rest >> 1 : rest / 2;
}
