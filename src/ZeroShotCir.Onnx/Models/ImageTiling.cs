using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Onnx.Identity;

namespace ZeroShotCir.Onnx.Models;

/// <summary>
/// How an image becomes tiles: brought to a longest edge, enlarged to whole tiles, cut, and once more as a whole. As the PIL classes of
/// transformers' Idefics3 and SmolVLM image processors do it, byte for byte.
/// </summary>
/// <param name="LongestEdge">The edge that an image is brought to first, smaller ones too; <see langword="null"/> leaves its size.</param>
/// <param name="TileEdge">The edge of a tile.</param>
/// <param name="Splits">Whether images are cut; otherwise the whole image is the only tile.</param>
/// <param name="Filter">How pixels are weighted when the image changes size.</param>
/// <param name="Order">Which pass of a resize runs first.</param>
/// <param name="RescaleFactor">What a byte is multiplied with.</param>
/// <param name="Mean">What is subtracted from each channel then.</param>
/// <param name="Std">What each channel is divided by at last.</param>
internal sealed record ImageTiling(
    int? LongestEdge, int TileEdge, bool Splits, ResampleFilter Filter, ResizeOrder Order, double RescaleFactor, RgbValues Mean, RgbValues Std)
{
    /// <summary>The most tiles of an edge: an image without a longest edge is refused beyond.</summary>
    public const int MostTiles = 32;

    private readonly NormalizationTable _normalization = new(RescaleFactor, Mean, Std);

    /// <summary>Cuts an image.</summary>
    /// <exception cref="InvalidImageException">It would have more than <see cref="MostTiles"/> tiles along an edge.</exception>
    public ImageTiles Cut(RgbImage image)
    {
        RgbImage whole = LongestEdge is { } longest ? Resize(image, OfLongestEdge(image.Width, image.Height, longest)) : image;
        if (!Splits)
        {
            return new ImageTiles(0, 0, [Planes(Resize(whole, ImageSize.Square(TileEdge)))]);
        }

        ImageSize size = OfWholeTiles(whole.Width, whole.Height);
        int rows = size.Height / TileEdge;
        int columns = size.Width / TileEdge;
        if (rows > MostTiles || columns > MostTiles)
        {
            throw new InvalidImageException(
                $"An image of {image.Width} × {image.Height} pixels would be cut into {columns} × {rows} tiles of {TileEdge}; "
                + $"at most {MostTiles} along an edge are read.");
        }

        RgbImage enlarged = Resize(whole, size);
        if (rows == 1 && columns == 1)
        {
            return new ImageTiles(0, 0, [Planes(enlarged)]);
        }

        List<float[]> tiles = [];
        for (int tile = 0; tile < rows * columns; tile++)
        {
            tiles.Add(Planes(Crop(enlarged, tile % columns * TileEdge, tile / columns * TileEdge)));
        }

        tiles.Add(Planes(Resize(enlarged, ImageSize.Square(TileEdge))));
        return new ImageTiles(rows, columns, tiles);
    }

    /// <summary>Adds all that can change a pixel.</summary>
    public void AddTo(IdentityHash hash)
    {
        hash.Add("longest edge", LongestEdge);
        hash.Add("tile", (long)TileEdge);
        hash.Add("splits", Splits);
        hash.Add("filter", Filter.ToString());
        hash.Add("resize order", Order.ToString());
        hash.Add("rescale", RescaleFactor);
        foreach (RgbValues values in (RgbValues[])[Mean, Std])
        {
            hash.Add("red", values.Red);
            hash.Add("green", values.Green);
            hash.Add("blue", values.Blue);
        }
    }

    /// <summary>What happens to images, in words.</summary>
    public string Describe()
        => $"Pictures are {(LongestEdge is { } longest ? $"brought to a longest edge of {longest} pixels" : "taken in their own size")} ({Filter}) and "
        + (Splits ? $"cut into tiles of {TileEdge} × {TileEdge}, with the whole picture as a last tile." : $"squeezed into one tile of {TileEdge} × {TileEdge}.");

    /// <summary>The other edge is cut down to a whole pixel and then made even.</summary>
    private static ImageSize OfLongestEdge(int width, int height, int longest)
    {
        double ratio = (double)width / height;
        return width >= height
            ? new ImageSize(longest, Math.Max(Even((int)(longest / ratio)), 1))
            : new ImageSize(Math.Max(Even((int)(longest * ratio)), 1), longest);
    }

    private static int Even(int edge) => edge + (edge % 2);

    private ImageSize OfWholeTiles(int width, int height)
    {
        double ratio = (double)width / height;
        if (width >= height)
        {
            int wide = WholeTiles(width);
            return new ImageSize(wide, WholeTiles((int)(wide / ratio)));
        }

        int tall = WholeTiles(height);
        return new ImageSize(WholeTiles((int)(tall * ratio)), tall);
    }

    /// <summary>Where the shorter edge comes out as nothing, the reference fails; a row of tiles is what it would have been.</summary>
    private int WholeTiles(int edge) => Math.Max((int)Math.Ceiling((double)edge / TileEdge), 1) * TileEdge;

    private RgbImage Resize(RgbImage image, ImageSize size)
        => image.Width == size.Width && image.Height == size.Height ? image : ImageResampler.Resize(image, size.Width, size.Height, Filter, Order);

    private RgbImage Crop(RgbImage image, int left, int top)
    {
        byte[] pixels = new byte[3 * TileEdge * TileEdge];
        for (int y = 0; y < TileEdge; y++)
        {
            image.Pixels.Span.Slice(3 * (((top + y) * image.Width) + left), 3 * TileEdge).CopyTo(pixels.AsSpan(3 * y * TileEdge));
        }

        return new RgbImage(pixels, TileEdge, TileEdge);
    }

    private float[] Planes(RgbImage tile)
    {
        float[] planes = new float[3 * TileEdge * TileEdge];
        _normalization.Apply(tile.Pixels.Span, planes);
        return planes;
    }
}
