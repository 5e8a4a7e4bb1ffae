namespace ZeroShotCir.DependencyInjection;

/// <summary>
/// What the configuration of an application says of a model. A package that reads configuration registers it, under the model's name if
/// it has one, and a package that opens models reads it: neither knows the other.
/// </summary>
/// <remarks>Immutable; may be shared.</remarks>
internal sealed class ConfiguredModel
{
    /// <summary>Says where a model is.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is blank.</exception>
    public ConfiguredModel(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Folder = folder;
    }

    /// <summary>The model folder.</summary>
    public string Folder { get; }

    /// <summary>The variant of its graphs, such as <c>fp16</c>.</summary>
    /// <value>The default value is <see langword="null"/>: the most faithful one there is.</value>
    public string? Precision { get; init; }

    /// <summary>How many images or texts go through a graph at once.</summary>
    /// <value>The default value is <see langword="null"/>: as the package that opens the model thinks best.</value>
    public int? BatchSize { get; init; }

    /// <summary>How many threads share the work of one operator; 0 for one per physical core.</summary>
    /// <value>The default value is <see langword="null"/>: as the package that opens the model thinks best.</value>
    public int? Threads { get; init; }
}
