using System.CommandLine;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery</c>: what concerns gallery folders themselves, and the stores they are pushed to.</summary>
internal sealed class GalleryCommand : Command
{
    public GalleryCommand()
        : base("gallery", "List galleries; look into one, check, shrink, merge, move or thin it out; push it to a store.")
    {
        Add(new GalleryInfoCommand());
        Add(new GalleryListCommand());
        Add(new GalleryVerifyCommand());
        Add(new GalleryCompactCommand());
        Add(new GalleryMergeCommand());
        Add(new GalleryPushCommand());
        Add(new GalleryProjectCommand());
        Add(new GalleryRemoveCommand());
        Add(new GalleryExportCommand());
        Add(new GalleryImportCommand());
    }
}
