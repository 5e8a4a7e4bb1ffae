using System.Text.Json;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Tests;

/// <summary>What the album expects of queries of one kind, and whether scores give it.</summary>
internal sealed class AlbumTask
{
    private readonly int[][] _right;
    private readonly HashSet<int>[] _left;
    private readonly HashSet<int>[] _negative;

    public AlbumTask(JsonElement[] queries, params string[] negatives)
    {
        _right = [.. queries.Select(query => query.GetProperty("right").Ints())];
        _left = [.. queries.Select(query => References(query).ToHashSet())];
        _negative = [.. queries.Select(
            query => negatives.SelectMany(kind => query.GetProperty("hard_negatives").TryGetProperty(kind, out JsonElement some) ? some.Ints() : []).ToHashSet())];
    }

    /// <summary>What is wrong of an expected setting; empty where all of it is met.</summary>
    public string Faults(float[][] scores, JsonElement expected, IReadOnlyList<int> rows)
    {
        List<string> faults = [];
        int[][] orders = [.. rows.Select(row => First(scores[row], _left[row], 10))];
        QueryRanks[] ranks = [.. rows.Select(row =>
        {
            int[] places = [.. _right[row].Select(answer => Rank(scores[row], _left[row], answer)).Order()];
            return new QueryRanks(places[0]) { Relevant = places };
        })];
        JsonElement fragile = expected.GetProperty("fragile");
        foreach (int k in (int[])[1, 5, 10])
        {
            int hits = (int)new RecallAtK(k).MeasureAll(ranks).Sum();
            int slack = fragile.TryGetProperty($"R@{k}", out JsonElement some) ? some.GetInt32() : 0;
            int wanted = expected.GetProperty("hits").GetProperty($"R@{k}").GetInt32();
            if (Math.Abs(hits - wanted) > slack)
            {
                faults.Add($"R@{k} {hits} hits, expected {wanted}");
            }
        }

        double precision = 100 * new MeanAveragePrecisionAtK(10).MeasureAll(ranks).Average();
        double[] within = expected.GetProperty("mAP@10_within").Doubles();
        if (precision < within[0] - 1e-6 || precision > within[1] + 1e-6)
        {
            faults.Add($"mAP@10 {precision}, expected within {within[0]} and {within[1]}");
        }

        // A bound that leaves no room says that nothing changes when scores move a little.
        if (within[0] == within[1] && !fragile.EnumerateObject().Any())
        {
            int[] wanted = expected.GetProperty("ranks").Ints();
            int[] other = [.. Enumerable.Range(0, wanted.Length).Where(i => wanted[i] <= 10 && wanted[i] != ranks[i].Target)];
            if (other.Length > 0)
            {
                faults.Add($"{other.Length} ranks differ, the first {ranks[other[0]].Target} for {wanted[other[0]]}");
            }
        }

        faults.AddRange(NegativeFaults(orders, expected.GetProperty("NegRecall@10"), rows, fragile.EnumerateObject().Any()));
        return string.Join("; ", faults);
    }

    /// <summary>How many ranks of the expected ones are met exactly, and how many there are.</summary>
    public (int Equal, int All) Ranks(float[][] scores, JsonElement expected, IReadOnlyList<int> rows)
    {
        int[] wanted = expected.GetProperty("ranks").Ints();
        int equal = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            int rank = _right[rows[i]].Min(answer => Rank(scores[rows[i]], _left[rows[i]], answer));
            equal += rank == wanted[i] ? 1 : 0;
        }

        return (equal, wanted.Length);
    }

    private static int Rank(float[] scores, HashSet<int> left, int answer)
    {
        int rank = 1;
        for (int item = 0; item < scores.Length; item++)
        {
            rank += (scores[item] > scores[answer] || (scores[item] == scores[answer] && item < answer)) && !left.Contains(item) ? 1 : 0;
        }

        return rank;
    }

    private static int[] First(float[] scores, HashSet<int> left, int count)
    {
        List<int> first = [];
        for (int item = 0; item < scores.Length; item++)
        {
            if (left.Contains(item) || (first.Count == count && scores[first[^1]] >= scores[item]))
            {
                continue;
            }

            int place = first.FindIndex(other => scores[other] < scores[item]);
            first.Insert(place < 0 ? first.Count : place, item);
            if (first.Count > count)
            {
                first.RemoveAt(count);
            }
        }

        return [.. first];
    }

    private IEnumerable<string> NegativeFaults(int[][] orders, JsonElement expected, IReadOnlyList<int> rows, bool isFragile)
    {
        int[] found = [.. rows.Select((row, i) => orders[i].Count(_negative[row].Contains))];
        double tenth = found.Average() / 10;
        if (!isFragile && Math.Abs(tenth - expected.Number("of_10")) > 2e-6)
        {
            yield return $"NegRecall@10 {tenth}, expected {expected.Number("of_10")}";
        }

        int[] some = [.. Enumerable.Range(0, rows.Count).Where(i => _negative[rows[i]].Count > 0)];
        if (!isFragile && some.Length > 0)
        {
            double ofAll = some.Average(i => (double)found[i] / _negative[rows[i]].Count);
            double ofFew = some.Average(i => (double)found[i] / Math.Min(10, _negative[rows[i]].Count));
            if (Math.Abs(ofAll - expected.Number("of_negatives")) > 2e-6 || Math.Abs(ofFew - expected.Number("of_min")) > 2e-6)
            {
                yield return $"NegRecall@10 of negatives {ofAll}, of min {ofFew}";
            }
        }
    }

    private static IEnumerable<int> References(JsonElement query)
        => query.TryGetProperty("turns", out JsonElement turns) ? turns.EnumerateArray().Select(turn => turn.GetProperty("reference").GetInt32())
            : query.TryGetProperty("references", out JsonElement references) ? references.EnumerateArray().Select(pair => pair[0].GetInt32())
            : query.TryGetProperty("reference", out JsonElement reference) && reference.ValueKind == JsonValueKind.Number ? [reference.GetInt32()]
            : [];
}
