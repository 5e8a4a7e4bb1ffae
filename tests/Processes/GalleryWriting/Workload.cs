using System.Globalization;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Tests.GalleryWriting;

/// <summary>An endless sequence of commits to a gallery, each of which follows from its number, so that any state can be told from any other.</summary>
public static class Workload
{
    public const int Dimensions = 16;
    private const string StepId = "step";
    private const int Lifetime = 6;

    public static GalleryModel Model { get; } = new("images", "texts", Dimensions);

    /// <summary>Opens the folder and commits step after step, calling back after each.</summary>
    public static void Run(string folder, Action<int> committed, Func<bool> proceed)
    {
        using GalleryWriter writer = GalleryWriter.Open(folder, Model);
        for (int step = StepOf(writer.Committed) + 1; proceed(); step++)
        {
            Apply(writer, step);
            writer.Commit();
            committed(step);
            if (step % 7 == 0)
            {
                writer.Compact();
            }

            if (step % 11 == 0)
            {
                writer.Refold(step % 2 == 0 ? 0.1 : 0.3);
            }
        }
    }

    /// <summary>Makes the changes of a step without committing them.</summary>
    public static void Apply(GalleryWriter writer, int step)
    {
        if (step > 1)
        {
            writer.Remove(StepId);
        }

        foreach (string id in Ids(step - Lifetime))
        {
            writer.Remove(id);
        }

        writer.Add(Entry(StepId, step));
        foreach (string id in Ids(step))
        {
            writer.Add(Entry(id, step));
        }
    }

    /// <summary>The number of the last step that a gallery holds; 0 for an empty one.</summary>
    public static int StepOf(Gallery gallery)
        => gallery.TryGetOrdinal(StepId, out int ordinal)
            ? int.Parse(gallery.ItemAt(ordinal).Metadata["step"], CultureInfo.InvariantCulture)
            : 0;

    /// <summary>What a gallery holds after a step, in order.</summary>
    public static IReadOnlyList<GalleryEntry> StateAfter(int step)
    {
        List<GalleryEntry> entries = [];
        for (int past = Math.Max(1, step - Lifetime + 1); past <= step; past++)
        {
            if (past == step)
            {
                entries.Add(Entry(StepId, step));
            }

            entries.AddRange(Ids(past).Select(id => Entry(id, past)));
        }

        return entries;
    }

    private static IEnumerable<string> Ids(int step)
        => step < 1 ? [] : Enumerable.Range(0, 1 + (step % 4)).Select(i => $"{step}-{i}");

    private static GalleryEntry Entry(string id, int step)
    {
        Random random = new(StableHash(id) ^ (step * 7919));
        int captions = random.Next(3);
        return new GalleryEntry(id, Vector(random, Dimensions))
        {
            Captions = [.. Enumerable.Range(0, captions).Select(j => $"caption {j} of {id}")],
            CaptionEmbeddings = Vector(random, captions * Dimensions),
            Metadata = new Dictionary<string, string> { ["step"] = step.ToString(CultureInfo.InvariantCulture) },
        };
    }

    private static float[] Vector(Random random, int length)
        => [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 4) - 2))];

    private static int StableHash(string text) => text.Aggregate(17, (hash, c) => unchecked((hash * 31) + c));
}
