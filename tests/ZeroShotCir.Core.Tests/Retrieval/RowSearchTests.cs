using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Retrieval;

/// <summary>
/// A search by a row-wise strategy finds what its formula says in double, item by item: whatever the number of items, which of them are
/// searched, and how many captions they have.
/// </summary>
public sealed class RowSearchTests : IDisposable
{
    private const double Alpha = 0.3;
    private const double Tolerance = 2e-6;

    private readonly TemporaryFolder _temporary = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("product")]
    [InlineData("seize")]
    [InlineData("late-cdf")]
    [InlineData("late-cdf:ddof=0")]
    [InlineData("rrf:depth=5")]
    [InlineData("list-union:depth=3")]
    [InlineData("best-score")]
    [InlineData("soft-reward")]
    public async Task Hits_are_those_of_the_formula(string name)
    {
        Random random = new(name.Length);
        foreach (int count in (int[])[1, 2, 15, 16, 17, 33, 130, 700])
        {
            foreach (int captions in (int[])[0, 1, 3])
            {
                World world = new(random, count, dimensions: count % 2 == 0 ? 32 : 19, captions);
                if (count is 17 or 130)
                {
                    world.Remove(i => i % 4 == 1, _temporary.Of($"{count} with {captions}"));
                }

                GallerySelection?[] selections = [null, world.Gallery.Select(i => i % 3 != 1), world.Gallery.Select(i => i == count / 2), world.Gallery.Select(_ => false)];
                foreach (GallerySelection? selection in selections)
                {
                    await CompareAsync(world, name, captions == 0 ? 0 : 0.4, selection, random);
                }
            }
        }
    }

    [Fact]
    public async Task A_batch_finds_what_each_query_finds_alone_to_the_bit()
    {
        Random random = new(5);
        World world = new(random, 300, 19, 3);
        world.Remove(i => i % 11 == 3, _temporary.Of("gallery"));
        GallerySelection few = world.Gallery.Select(i => i % 7 == 0);
        string[] names = ["product", "late-cdf", "rrf", "seize"];
        ComposedQuery[] queries = [.. Enumerable.Range(0, 60).Select(i => world.Query(names[i % names.Length], random) with
        {
            Beta = i % 3 * 0.5,
            Selection = i % 5 == 0 ? few : null,
            ExcludedIds = i % 2 == 0 ? ["7", "28"] : [],
        })];
        ComposedImageRetriever retriever = new(world.Gallery, null, null);

        IReadOnlyList<RetrievalRanking> together = await retriever.SearchAsync(queries, 11, Token);

        for (int i = 0; i < queries.Length; i++)
        {
            Assert.Equal((await retriever.SearchAsync(queries[i], 11, Token)).Select(hit => (hit.Id, hit.Score)), together[i].Select(hit => (hit.Id, hit.Score)));
        }
    }

    private static async Task CompareAsync(World world, string name, double captionWeight, GallerySelection? selection, Random random)
    {
        ComposedQuery query = world.Query(name, random) with { Beta = captionWeight, Selection = selection };
        double[] expected = world.Score(name, query, captionWeight, i => selection?.Contains(i) ?? true);
        int[] searched = [.. Enumerable.Range(0, world.Count).Where(i => world.Has(i) && (selection?.Contains(i) ?? true))];
        ComposedImageRetriever retriever = new(world.Gallery, null, null);
        foreach (int k in (int[])[1, 9, world.Count])
        {
            Check(await retriever.SearchAsync(query, k, Token), searched, k, expected, query);
        }

        // Left out one by one: from the list, not from the statistics.
        int[] left = [.. searched.Where(i => i % 4 != 2)];
        ComposedQuery without = query with { ExcludedIds = [.. Enumerable.Range(0, world.Count).Where(i => i % 4 == 2 && world.Has(i)).Select(i => $"{i}")] };
        Check(await retriever.SearchAsync(without, 9, Token), left, 9, expected, without);
        if (left.Length > 0)
        {
            double least = left.Select(i => expected[i]).Order().ElementAt(left.Length / 2) - (3 * Tolerance);
            int[] reaching = [.. left.Where(i => expected[i] >= least)];
            Check(await retriever.SearchAsync(without with { MinScore = least }, world.Count, Token), reaching, world.Count, expected, without);
        }
    }

    private static void Check(RetrievalRanking found, int[] searched, int k, double[] expected, ComposedQuery query)
    {
        string where = $"{query.Strategy}, {expected.Length} items, {searched.Length} searched, k {k}, β {query.Beta}";
        Assert.True(found.Count == Math.Min(k, searched.Length), $"{where}: {found.Count} hits");
        HashSet<int> ordinals = [.. found.Select(hit => hit.Item.Ordinal)];
        Assert.True(ordinals.Count == found.Count && ordinals.IsSubsetOf(searched), where);
        for (int place = 0; place < found.Count; place++)
        {
            double score = expected[found[place].Item.Ordinal];
            Assert.True(Math.Abs(found[place].Score - score) <= Tolerance, $"{where}: place {place} has {found[place].Score}, expected {score}");
            Assert.True(
                place == 0 || found[place].Score < found[place - 1].Score
                    || (found[place].Score == found[place - 1].Score && found[place].Item.Ordinal > found[place - 1].Item.Ordinal),
                $"{where}: place {place} is out of order");
        }

        double last = found.Count > 0 ? found[^1].Score : double.PositiveInfinity;
        Assert.All(searched.Where(i => !ordinals.Contains(i)), i => Assert.True(found.Count == k && expected[i] <= last + Tolerance, $"{where}: {i} was missed"));
    }

    /// <summary>
    /// Items of which every fifth is the same as the one before, with a number of captions that varies where there are some. Items that were
    /// removed leave their ordinals behind.
    /// </summary>
    private sealed class World
    {
        private readonly float[][] _imageRows;
        private readonly float[][][] _captionRows;
        private readonly double[][] _images;
        private readonly double[][][] _captions;
        private readonly HashSet<int> _removed = [];

        public World(Random random, int count, int dimensions, int mostCaptions)
        {
            Count = count;
            Dimensions = dimensions;
            float[][] images = new float[count][];
            float[][][] captions = new float[count][][];
            for (int i = 0; i < count; i++)
            {
                bool copies = i % 5 == 4;
                images[i] = copies ? images[i - 1] : Vector(random);
                captions[i] = copies ? captions[i - 1] : [.. Enumerable.Range(0, mostCaptions <= 1 ? mostCaptions : random.Next(mostCaptions + 1)).Select(_ => Vector(random))];
            }

            (_imageRows, _captionRows) = (images, captions);
            _images = [.. images.Select(Unit)];
            _captions = [.. captions.Select(own => own.Select(Unit).ToArray())];
            float[] all = [.. captions.SelectMany(own => own).SelectMany(vector => vector)];
            Gallery = Gallery.FromEmbeddings(
                [.. Enumerable.Range(0, count).Select(i => $"{i}")],
                EmbeddingMatrix.FromRows(images),
                mostCaptions == 0 ? null : CaptionEmbeddings.FromCounts(EmbeddingMatrix.Copy(all, dimensions), [.. captions.Select(own => own.Length)]));
        }

        public int Count { get; }

        public int Dimensions { get; }

        public Gallery Gallery { get; private set; }

        public bool Has(int item) => !_removed.Contains(item);

        /// <summary>Puts the gallery into a folder, and takes some items out of it.</summary>
        public void Remove(Func<int, bool> which, string folder)
        {
            _removed.UnionWith(Enumerable.Range(0, Count).Where(which));
            using GalleryWriter writer = GalleryWriter.Open(folder, new GalleryModel("m", "m", Dimensions));
            for (int i = 0; i < Count; i++)
            {
                float[][] captions = _captionRows[i];
                writer.Add(new GalleryEntry($"{i}", _imageRows[i])
                {
                    Captions = [.. captions.Select((_, j) => $"{j}")],
                    CaptionEmbeddings = captions.SelectMany(vector => vector).ToArray(),
                });
            }

            writer.Commit();
            foreach (int item in _removed)
            {
                writer.Remove($"{item}");
            }

            writer.Commit();
            Gallery = Gallery.Open(folder);
            Assert.Equal((Count, Count - _removed.Count), (Gallery.OrdinalCount, Gallery.Count));
        }

        public ComposedQuery Query(string name, Random random)
        {
            CompositionStrategy strategy = StrategyTable.Parse(name).WithAlpha(Alpha);
            return new ComposedQuery { Strategy = strategy, Terms = [.. strategy.Roles.Select(role => QueryTerm.FromEmbedding(role, Vector(random)))] };
        }

        public double[] Score(string name, ComposedQuery query, double captionWeight, Func<int, bool> isSearched)
        {
            double[][] directions = [.. query.Terms.Select(term => Unit(term.Embedding.ToArray()))];
            int[] searched = [.. Enumerable.Range(0, Count).Where(i => Has(i) && isSearched(i))];
            double[] scores = new double[Count];
            double[] images = Formula(name, directions, [.. searched.Select(i => _images[i])]);
            for (int i = 0; i < searched.Length; i++)
            {
                scores[searched[i]] = images[i];
            }

            int[] captioned = captionWeight == 0 ? [] : [.. searched.Where(i => _captions[i].Length > 0)];
            double[] captions = Formula(name, directions, [.. captioned.Select(i => Mean(_captions[i]))]);
            for (int i = 0; i < captioned.Length; i++)
            {
                scores[captioned[i]] += captionWeight * (captions[i] - scores[captioned[i]]);
            }

            return scores;
        }

        private float[] Vector(Random random) => [.. Enumerable.Range(0, Dimensions).Select(_ => (random.NextSingle() * 14) - 6)];
    }

    private static double[] Formula(string name, double[][] directions, double[][] items)
    {
        double[][] s = [.. directions.Select(direction => items.Select(item => Dot(direction, item)).ToArray())];
        double[] Each(Func<int, double> score) => [.. Enumerable.Range(0, items.Length).Select(score)];
        double length = Math.Sqrt(((1 - Alpha) * (1 - Alpha)) + (Alpha * Alpha) + (2 * Alpha * (1 - Alpha) * Dot(directions[0], directions[1])));
        switch (name.Split(':')[0])
        {
            case "product":
                return Each(i => Math.Max(0, s[0][i]) * Math.Max(0, s[1][i]));
            case "seize":
                return Each(i => s[1][i] + (0.13 * Math.Min(0, s[1][i] - s[0][i])) + (2.1 * Math.Max(0, s[1][i] - s[0][i])));
            case "late-cdf":
                double[][] z = [.. s.Select(row => Standardize(row, name.EndsWith("=0", StringComparison.Ordinal) ? 0 : 1))];
                return Each(i => ((1 - Alpha) * Cumulative(z[0][i])) + (Alpha * Cumulative(z[1][i])));
            case "rrf":
                int[][] ranks = [.. s.Select(row => Ranks(row, 5))];
                return Each(i => ranks[0][i] + ranks[1][i] == 0
                    ? ((1 - Alpha) * s[0][i]) + (Alpha * s[1][i]) - 2
                    : (ranks[0][i] > 0 ? (1 - Alpha) / (60 + ranks[0][i]) : 0) + (ranks[1][i] > 0 ? Alpha / (60 + ranks[1][i]) : 0));
            case "list-union":
                int[][] first = [.. s.Select(row => Ranks(row, 3))];
                return Each(i => s[0][i] + s[1][i] - (first[0][i] + first[1][i] == 0 ? 5 : 0));
            case "best-score":
                return Each(i => ((Math.Max(s[0][i], s[1][i]) / (1 + Math.Abs(Math.Max(s[0][i], s[1][i])))) + 1) / 2);
            default:
                return Each(i => (((1 - Alpha) * s[0][i]) + (Alpha * s[1][i])) / length * s[2][i]);
        }
    }

    // From 1, for the first of them; 0 for the others. Of equals the earlier comes first.
    private static int[] Ranks(double[] row, int depth)
    {
        int[] order = [.. Enumerable.Range(0, row.Length).OrderByDescending(i => (float)row[i]).ThenBy(i => i).Take(depth)];
        return [.. Enumerable.Range(0, row.Length).Select(i => Array.IndexOf(order, i) + 1)];
    }

    private static double[] Standardize(double[] row, int ddof)
    {
        double mean = row.DefaultIfEmpty().Average();
        double variance = row.Sum(x => (x - mean) * (x - mean)) / Math.Max(1, row.Length - ddof);
        return [.. row.Select(x => variance > 0 ? (x - mean) / Math.Sqrt(variance) : 0)];
    }

    // By Simpson's rule.
    private static double Cumulative(double x)
    {
        const int Steps = 400;
        double sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double t = x * i / Steps;
            sum += (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-t * t / 2);
        }

        return 0.5 + (sum * x / (3 * Steps) / Math.Sqrt(2 * Math.PI));
    }

    private static double[] Unit(float[] vector)
    {
        double length = Math.Sqrt(vector.Sum(x => (double)x * x));
        return [.. vector.Select(x => x / length)];
    }

    private static double[] Mean(double[][] vectors) => [.. vectors[0].Select((_, d) => vectors.Average(vector => vector[d]))];

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
