namespace ZeroShotCir.Galleries.Indexing;

/// <summary>The path of a file that a walk found: put together only where somebody asks for it, which for an unchanged file nobody does.</summary>
/// <param name="Start">The folder where the walk began.</param>
/// <param name="Name">The name of the file, with slashes.</param>
/// <param name="Skip">How many characters of the name lead to that folder.</param>
internal readonly record struct FilePath(string Start, string Name, int Skip)
{
    public override string ToString()
    {
        ReadOnlySpan<char> below = Name.AsSpan(Skip);
        return below.IsEmpty ? Start
            : Path.DirectorySeparatorChar == '/' ? Path.Join(Start, below)
            : Path.Join(Start, below.ToString().Replace('/', Path.DirectorySeparatorChar));
    }
}
