using System.CommandLine;
using ZeroShotCir.Galleries.Indexing;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say which files of a picture folder are looked at.</summary>
internal sealed class FolderOptions
{
    private readonly Option<bool> _hidden = new("--hidden") { Description = "Also look at hidden files and folders, and at folders of thumbnails." };
    private readonly Option<bool> _followLinks = new("--follow-links") { Description = "Also follow links that lead out of the folder." };
    private readonly Option<string[]> _leaveOut = new("--leave-out")
    {
        Description = "Do not look at files and folders of this name, or of this path where it has a slash: 'drafts', '*.psd', '2019/*/raw'. "
            + "Give it on every run: a gallery does not remember it.",
        HelpName = "PATTERN",
        DefaultValueFactory = _ => [],
    };

    public FolderOptions(Command command)
    {
        command.Add(_hidden);
        command.Add(_followLinks);
        command.Add(_leaveOut);
    }

    public ImageFolderOptions Read(ParseResult arguments) => new()
    {
        IncludeHidden = arguments.GetValue(_hidden),
        FollowLinks = arguments.GetValue(_followLinks),
        LeaveOut = arguments.GetValue(_leaveOut)!,
    };
}
