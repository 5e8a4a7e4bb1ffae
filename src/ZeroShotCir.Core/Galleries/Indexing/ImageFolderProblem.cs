namespace ZeroShotCir.Galleries.Indexing;

/// <summary>A file or folder that could not be looked at, and why.</summary>
public sealed class ImageFolderProblem
{
    internal ImageFolderProblem(string name, string message)
    {
        Name = name;
        Message = message;
    }

    /// <summary>Its path below the folder, with slashes; empty for the folder itself.</summary>
    public string Name { get; }

    /// <summary>What is wrong, in words.</summary>
    public string Message { get; }
}
