namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>An image of a data set that cannot be used.</summary>
public sealed class ImageProblem
{
    internal ImageProblem(string name, string path, ImageProblemKind kind, string message)
    {
        Name = name;
        Path = path;
        Kind = kind;
        Message = message;
    }

    /// <summary>The image.</summary>
    public string Name { get; }

    /// <summary>Where it was looked for.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it.</summary>
    public ImageProblemKind Kind { get; }

    /// <summary>What is wrong with it, in words.</summary>
    public string Message { get; }
}
