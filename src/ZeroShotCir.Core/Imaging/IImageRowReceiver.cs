namespace ZeroShotCir.Imaging;

/// <summary>Takes a picture row by row while it is decoded, so that nobody holds all of it.</summary>
public interface IImageRowReceiver
{
    /// <summary>How small a picture may come, which a decoder asks that can decode it smaller, where <see cref="DecodeOptions.Resolution"/> lets it.</summary>
    /// <param name="width">In pixels, as the picture is stored; at least 1.</param>
    /// <param name="height">In pixels, as the picture is stored; at least 1.</param>
    /// <param name="orientation">How its rows lie.</param>
    /// <returns>The least columns and rows, as the picture is stored. Unless a receiver says otherwise, all of them.</returns>
    ImageSize LeastSize(int width, int height, ExifOrientation orientation) => new(width, height);

    /// <summary>Begins a picture. A decoder that starts over calls it again: what came before is void.</summary>
    /// <param name="width">In pixels, as the picture comes; at least 1.</param>
    /// <param name="height">In pixels, as the picture comes; at least 1.</param>
    /// <param name="orientation">How the rows that come lie; <see cref="ExifOrientation.Upright"/> also where the orientation is to be ignored.</param>
    void Begin(int width, int height, ExifOrientation orientation);

    /// <summary>Takes the next rows, from the first stored to the last.</summary>
    /// <param name="rows">One whole row or more: red, green, blue of each pixel. Overwritten after the call.</param>
    void Add(ReadOnlySpan<byte> rows);
}
