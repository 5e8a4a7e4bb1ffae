using System.CommandLine;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery</c>: what concerns gallery folders themselves.</summary>
internal sealed class GalleryCommand : Command
{
    public GalleryCommand()
        : base("gallery", "Look into a gallery folder, check it, or shrink it.")
    {
        Add(new GalleryInfoCommand());
        Add(new GalleryVerifyCommand());
        Add(new GalleryCompactCommand());
    }
}
