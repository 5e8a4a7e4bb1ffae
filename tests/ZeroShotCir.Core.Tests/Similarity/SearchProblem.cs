using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Tests.Similarity;

/// <summary>Rows, queries and a scope, with their solution by brute force in double.</summary>
internal sealed class SearchProblem
{
    private SearchProblem(VectorKind kind, EmbeddingMatrix rows, EmbeddingMatrix queries, int k, SearchScope scope)
    {
        Kind = kind;
        Rows = rows;
        Queries = queries;
        K = k;
        Scope = scope;
    }

    public VectorKind Kind { get; }

    public EmbeddingMatrix Rows { get; }

    public EmbeddingMatrix Queries { get; }

    public int K { get; }

    public SearchScope Scope { get; }

    public override string ToString()
        => $"{Kind}, {Rows.Rows} × {Rows.Dimensions}, {Queries.Rows} queries, k = {K}, {Scope.Excluded.Length} excluded, allowed: {!Scope.Allowed.IsEmpty}";

    public static SearchProblem Create(Random random, VectorKind kind, int rows, int dimensions, int queries, int k, bool restricted)
    {
        EmbeddingMatrix gallery = Vectors(random, kind, rows, dimensions);
        EmbeddingMatrix asked = Vectors(random, kind, queries, dimensions);
        SearchScope scope = default;
        if (restricted && rows > 0)
        {
            ulong[] allowed = new ulong[(rows + 63) / 64];
            for (int i = 0; i < allowed.Length; i++)
            {
                allowed[i] = (ulong)random.NextInt64() | ((ulong)random.Next(2) << 63);
            }

            // Repeated and not sorted, as a caller may give them.
            int[] excluded = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(rows))];
            scope = new SearchScope(excluded, random.Next(3) > 0 ? allowed : default(ReadOnlyMemory<ulong>));
        }

        return new SearchProblem(kind, gallery, asked, k, scope);
    }

    /// <summary>Asserts that a ranking is the true one: exactly where sums are exact, else up to pairs that float32 cannot tell apart.</summary>
    /// <returns>How many places differ from the ranking in double.</returns>
    public int Check(int query, ReadOnlySpan<SearchHit> hits)
    {
        ReadOnlySpan<float> asked = Queries[query];
        HashSet<int> excluded = [.. Scope.Excluded.Span];
        List<int> order = [];
        double[] scores = new double[Rows.Rows];
        double[] margins = new double[Rows.Rows];
        for (int row = 0; row < Rows.Rows; row++)
        {
            bool allowed = Scope.Allowed.IsEmpty || ((Scope.Allowed.Span[row / 64] >> (row % 64)) & 1) != 0;
            if (!allowed || excluded.Contains(row))
            {
                continue;
            }

            order.Add(row);
            double magnitude = 0;
            ReadOnlySpan<float> vector = Rows[row];
            for (int d = 0; d < vector.Length; d++)
            {
                double product = (double)asked[d] * vector[d];
                scores[row] += product;
                magnitude += Math.Abs(product);
            }

            // The classical bound on a float32 sum of products in any order, and what subnormal products lose.
            margins[row] = Kind == VectorKind.Integers ? 0 : (vector.Length + 2) * Math.Pow(2, -24) * magnitude + (vector.Length * Math.Pow(2, -149));
        }

        int[] sorted = [.. order.OrderByDescending(row => scores[row]).ThenBy(row => row)];
        Assert.Equal(Math.Min(K, sorted.Length), hits.Length);
        int different = 0;
        HashSet<int> seen = [];
        for (int place = 0; place < hits.Length; place++)
        {
            int found = hits[place].Ordinal, expected = sorted[place];
            Assert.True(seen.Add(found), $"{this}: row {found} was returned twice.");
            Assert.True(!excluded.Contains(found) && order.BinarySearch(found) >= 0, $"{this}: row {found} is out of scope.");
            Assert.True(Math.Abs(hits[place].Score - scores[found]) <= margins[found], $"{this}: row {found} scored {hits[place].Score}, not {scores[found]}.");
            if (place > 0)
            {
                Assert.True(
                    hits[place - 1].Score > hits[place].Score || (hits[place - 1].Score == hits[place].Score && hits[place - 1].Ordinal < found),
                    $"{this}: places {place - 1} and {place} are not in ranking order.");
            }

            if (found != expected)
            {
                different++;
                Assert.True(
                    Math.Abs(scores[found] - scores[expected]) <= margins[found] + margins[expected],
                    $"{this}: place {place} of query {query} is row {found} ({scores[found]:R}), not {expected} ({scores[expected]:R}).");
            }
        }

        return different;
    }

    private static EmbeddingMatrix Vectors(Random random, VectorKind kind, int count, int dimensions)
    {
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(count, dimensions, out Memory<float> memory);
        Span<float> values = memory.Span;
        int[] originals = [.. Enumerable.Range(0, 5).Select(_ => random.Next())];
        for (int row = 0; row < count; row++)
        {
            Span<float> vector = values.Slice(row * dimensions, dimensions);
            Random own = kind switch
            {
                VectorKind.Constant => new Random(1),
                VectorKind.NearDuplicates => new Random(originals[random.Next(originals.Length)]),
                _ => random,
            };
            for (int d = 0; d < dimensions; d++)
            {
                vector[d] = kind switch
                {
                    VectorKind.Integers => own.Next(-3, 4),
                    VectorKind.OneHot => 0,
                    _ => Gaussian(own),
                };
            }

            float length = MathF.Sqrt(dimensions);
            switch (kind)
            {
                case VectorKind.OneHot:
                    vector[random.Next(dimensions)] = random.Next(2) == 0 ? 1 : -1;
                    break;
                case VectorKind.Uncentred:
                    for (int d = 0; d < dimensions; d++)
                    {
                        vector[d] = (vector[d] + (d % 97 == 3 ? 40 : 1)) / length;
                    }

                    break;
                case VectorKind.NearDuplicates:
                    vector[random.Next(dimensions)] *= 1 + (random.Next(-4, 5) * MathF.Pow(2, -22));
                    break;
                case VectorKind.Tiny:
                    Scale(vector, 1e-21f);
                    break;
                case VectorKind.Huge:
                    Scale(vector, 1e17f);
                    break;
                case VectorKind.MixedLengths:
                    Scale(vector, random.Next(10) == 0 ? 0 : MathF.Pow(10, random.Next(-6, 7)));
                    break;
                case VectorKind.Unit:
                    Scale(vector, 1 / length);
                    break;
                case VectorKind.Concentrated:
                    Concentrate(vector);
                    break;
                default:
                    break;
            }
        }

        return matrix;
    }

    private static void Scale(Span<float> vector, float factor)
    {
        for (int d = 0; d < vector.Length; d++)
        {
            vector[d] *= factor;
        }
    }

    // Falling by a power of the place, with a mean of its own, and then turned by three reflections, so that no axis is a principal one.
    private static void Concentrate(Span<float> vector)
    {
        for (int d = 0; d < vector.Length; d++)
        {
            vector[d] = (vector[d] * MathF.Pow(1 + d, -1.2f)) + (d == 0 ? 1 : 0);
        }

        for (int reflection = 1; reflection <= 3; reflection++)
        {
            float along = 0, squares = 0;
            for (int d = 0; d < vector.Length; d++)
            {
                float mirror = MathF.Sin((d + 1) * reflection * 0.7f);
                along += vector[d] * mirror;
                squares += mirror * mirror;
            }

            for (int d = 0; d < vector.Length; d++)
            {
                vector[d] -= 2 * along / squares * MathF.Sin((d + 1) * reflection * 0.7f);
            }
        }
    }

    private static float Gaussian(Random random)
        => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
