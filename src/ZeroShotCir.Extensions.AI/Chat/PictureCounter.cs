using Microsoft.Extensions.AI;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>Counts the pictures of a request that is not sent.</summary>
internal sealed class PictureCounter(int maxEdge)
{
    // One token for 28 × 28 pixels, as the Qwen-VL family counts; others count from a third to twice that.
    private const int Patch = 28;

    public int Pictures { get; private set; }

    public long Tokens { get; private set; }

    /// <summary>Counts a picture as one of the largest that are sent: how large it is would only show when it is decoded.</summary>
    public AIContent Show(ImageData image) => Show(ImageSize.Square(maxEdge));

    /// <summary>Counts a picture of a known size.</summary>
    public AIContent Show(ImageSize size)
    {
        Pictures++;
        Tokens += (long)((size.Width + Patch - 1) / Patch) * ((size.Height + Patch - 1) / Patch);
        return new TextContent(string.Empty);
    }
}
