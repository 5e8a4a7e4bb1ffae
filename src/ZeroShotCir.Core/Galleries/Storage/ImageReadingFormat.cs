using System.Text.Json;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Json;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>The words in which a gallery and a store say how pictures were read: members of the object that says it.</summary>
internal static class ImageReadingFormat
{
    private const string Orientation = "orientation";

    /// <summary>Whether anything is said.</summary>
    public static bool IsIn(JsonField field) => field[Orientation].OrNull is not null;

    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter writer, ImageReading reading)
    {
        writer.WriteString(Orientation, reading.Orientation == ImageOrientation.Apply ? "apply" : "ignore");
        writer.WriteString("resize_order", reading.ResizeOrder == ResizeOrder.Pillow12 ? "pillow12" : "pillow13");
        if (NeedsNewReader(reading))
        {
            writer.WriteString("resolution", "reduced");
        }

        writer.WriteString("decoder", reading.Decoder);
    }

    /// <summary>Whether something is said that older versions pass over: they would put pictures that were read otherwise beside these.</summary>
    public static bool NeedsNewReader(ImageReading? reading) => reading is { Resolution: ImageResolution.Reduced };

    /// <summary>Reads the members; what is not said is as it was before it could be.</summary>
    public static ImageReading Read(JsonField field) => new()
    {
        Orientation = field[Orientation].OrNull?.Text() switch
        {
            "apply" => ImageOrientation.Apply,
            "ignore" or null => ImageOrientation.Ignore,
            _ => throw field[Orientation].Unexpected("'apply' or 'ignore'"),
        },
        ResizeOrder = field["resize_order"].OrNull?.Text() switch
        {
            "pillow12" or null => ResizeOrder.Pillow12,
            "pillow13" => ResizeOrder.Pillow13,
            _ => throw field["resize_order"].Unexpected("'pillow12' or 'pillow13'"),
        },
        Resolution = field["resolution"].OrNull?.Text() switch
        {
            "full" or null => ImageResolution.Full,
            "reduced" => ImageResolution.Reduced,
            _ => throw field["resolution"].Unexpected("'full' or 'reduced'"),
        },
        Decoder = field["decoder"].OrNull?.Text(),
    };
}
