using System.CommandLine;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery</c>: what concerns gallery folders themselves, and the stores they are pushed to.</summary>
internal sealed class GalleryCommand : Command
{
    public GalleryCommand()
        : base("gallery", "Look into a gallery folder, check it, shrink it, merge its shards, or push it to a store.")
    {
        Add(new GalleryInfoCommand());
        Add(new GalleryVerifyCommand());
        Add(new GalleryCompactCommand());
        Add(new GalleryMergeCommand());
        Add(new GalleryPushCommand());
        Add(new GalleryProjectCommand());
    }
}
