namespace ZeroShotCir.Json;

/// <summary>What a JSON file is called, how much of it is read, and which exception tells what is wrong with it.</summary>
/// <param name="kind">What it is, as it stands in messages: "annotation file".</param>
/// <param name="fault">Makes the caller's exception of a message and a cause.</param>
internal sealed class JsonFormat(string kind, Func<string, Exception?, Exception> fault)
{
    public string Kind => kind;

    /// <summary>The most bytes that are read: of a file, or of each line of JSON Lines.</summary>
    public long MaxBytes { get; init; } = 64 << 20;

    /// <summary>The deepest nesting.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Whether comments and trailing commas may stand in it, as people leave them in configurations.</summary>
    public bool IsLenient { get; init; }

    /// <summary>What to do about a file that is there but wrong.</summary>
    public string Remedy { get; init; } = string.Empty;

    /// <summary>What to do about a file that is not there.</summary>
    public string WhenMissing { get; init; } = "Check the path.";

    /// <summary>The caller's exception of a file: "The annotation file 'x' is not valid JSON".</summary>
    public Exception Fault(string path, string what, Exception? cause = null) => Fault(path, " ", what, cause);

    /// <summary>The caller's exception of a place in a file: "The annotation file 'x', '[3].caption': expected a text".</summary>
    public Exception Fault(string path, string where, string what, Exception? cause) => fault($"The {kind} '{path}'{where}{what}", cause);
}
