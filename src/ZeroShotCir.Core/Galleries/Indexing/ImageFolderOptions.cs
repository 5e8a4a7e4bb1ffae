namespace ZeroShotCir.Galleries.Indexing;

/// <summary>Which files of a folder are looked at.</summary>
public sealed class ImageFolderOptions
{
    /// <summary>
    /// Whether hidden files and folders are looked at (names that begin with a dot, so also <c>._*</c> and <c>.thumbnails</c>), and those
    /// where other programs keep thumbnails: <c>@eaDir</c>, <c>__MACOSX</c>.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool IncludeHidden { get; set; }

    /// <summary>Whether links are followed that lead out of the folder. Whatever they say, each real file is found once.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool FollowLinks { get; set; }

    /// <summary>
    /// Files and folders that are not looked at: <see cref="IdPattern">patterns</see> of names, or of paths below the folder where the
    /// pattern has a slash.
    /// </summary>
    /// <value>The default value is empty.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public IReadOnlyList<string> LeaveOut
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = [];
}
