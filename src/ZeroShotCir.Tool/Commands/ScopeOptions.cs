using System.CommandLine;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary>The options that say where the pictures of a gallery are now, and which of them may be found.</summary>
internal sealed class ScopeOptions
{
    private readonly Option<string?> _only = new("--only") { Description = "Find only pictures whose id matches, such as 'dresses/*'.", HelpName = "PATTERN" };
    private readonly Option<string[]> _root = new("--root")
    {
        Description = "Where a folder of the gallery is now, if it was moved; without a name, the first one.",
        HelpName = "[NAME=]DIR",
        DefaultValueFactory = _ => [],
    };

    public ScopeOptions(Command command)
    {
        command.Add(_only);
        command.Add(_root);
    }

    /// <summary>The pattern that ids match.</summary>
    public string? Only(ParseResult arguments) => arguments.GetValue(_only);

    public bool PicksIds(System.CommandLine.Parsing.CommandResult result) => result.GetValue(_only) is not null;

    /// <summary>Opens a gallery that has something to find.</summary>
    /// <exception cref="InvalidGalleryException">It is empty, or cannot be opened.</exception>
    public Gallery Open(ParseResult arguments, DirectoryInfo folder, int? dimensions, Terminal terminal)
    {
        Gallery gallery = Gallery.Open(folder.FullName);
        if (gallery.Count == 0)
        {
            throw new InvalidGalleryException($"The gallery '{folder}' is empty, so there is nothing to find. Index some pictures first.");
        }

        foreach (string root in arguments.GetValue(_root)!)
        {
            int sign = root.IndexOf('=', StringComparison.Ordinal);
            gallery = sign <= 0 ? gallery.WithRoot("", root[(sign + 1)..]) : gallery.WithRoot(root[..sign], root[(sign + 1)..]);
        }

        if (dimensions is { } kept)
        {
            gallery = kept <= gallery.Dimensions
                ? gallery.Cut(kept)
                : throw new BadUsageException($"--dimensions is {kept}, but the gallery holds embeddings of {gallery.Dimensions} dimensions. Ask for as many or fewer.");
        }

        if (gallery.Warning is { } warning)
        {
            terminal.Warn(warning);
        }

        return gallery;
    }

    /// <summary>The pictures that may be found; <see langword="null"/> for all.</summary>
    /// <exception cref="BadUsageException">There is none of them.</exception>
    public GallerySelection? Select(ParseResult arguments, Gallery gallery)
    {
        if (arguments.GetValue(_only) is not { } pattern)
        {
            return null;
        }

        IdPattern ids = new(pattern);
        GallerySelection matching = gallery.Select(ordinal => ids.Matches(gallery.IdOf(ordinal)));
        if (matching.Count > 0)
        {
            return matching;
        }

        IEnumerable<string> all = Enumerable.Range(0, gallery.OrdinalCount).Where(ordinal => !gallery.IsRemoved(ordinal)).Select(gallery.IdOf);
        throw new BadUsageException($"No id of the gallery matches --only '{pattern}'. {ids.Explain(all)}");
    }
}
