using System.Collections.Concurrent;

namespace ZeroShotCir.Tests;

/// <summary>The worlds that the two engines are compared in, each made once.</summary>
public sealed class TheoremWorlds
{
    private readonly ConcurrentDictionary<string, Lazy<Task<TheoremWorld>>> _worlds = new(StringComparer.Ordinal);

    public static IReadOnlyList<string> Names { get; } = ["random", "ties", "equal captions", "TinyFashion", "album", "fashioniq-dress-val", "cirr-val"];

    internal Task<TheoremWorld> GetAsync(string name) => _worlds.GetOrAdd(name, static name => new Lazy<Task<TheoremWorld>>(() => CreateAsync(name))).Value;

    private static async Task<TheoremWorld> CreateAsync(string name) => name switch
    {
        "TinyFashion" => await SampleWorlds.TinyFashionAsync(TestContext.Current.CancellationToken),
        "album" => await SampleWorlds.AlbumAsync(TestContext.Current.CancellationToken),
        "fashioniq-dress-val" or "cirr-val" => TheoremWorld.FromGolden(name),
        _ => TheoremWorld.Create(name),
    };
}
