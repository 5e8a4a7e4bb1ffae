using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Kernels;

/// <summary>Tries leading directions on a few rows and queries, to tell whether it pays to compare along them.</summary>
internal sealed class DirectionsTrial(ScanKernels kernels)
{
    private const int MostRows = 1024;
    private const int MostQueries = 64;

    // What scoring a row takes, in products of the tile of floats.
    private const double ProductsPerScore = 3500;

    // What a product of int16 takes, in products of floats.
    private const double IntegerProduct = 0.67;

    // Thresholds rise while rows are scanned: until they have, more rows are scored than the last ones would let through.
    private const double Rising = 2;

    // What is not certain to pay is left alone.
    private const double Doubt = 1.2;

    private readonly QueryPanels _along = new(kernels);
    private readonly GrowingBuffer<float> _queries = new();
    private readonly GrowingBuffer<float> _packed = new();
    private readonly GrowingBuffer<float> _rows = new();
    private readonly GrowingBuffer<float> _panels = new();
    private readonly GrowingBuffer<float> _scores = new();

    /// <summary>Says whether comparing along directions is expected to take less time than comparing in integers.</summary>
    /// <param name="directions">The directions.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="queries">The batch's queries, one after the other.</param>
    /// <param name="atOnce">How many of them are compared at a time.</param>
    /// <param name="k">How many rows each query wants.</param>
    /// <param name="rowsInScope">How many rows may be returned.</param>
    public bool Pays(LeadingDirections directions, IndexRows rows, ReadOnlySpan<float> queries, int atOnce, int k, int rowsInScope)
    {
        double share = Math.Min(1, Rising * ShareLeft(directions, rows, queries, k, rowsInScope));
        double cost = (directions.Count * (1 + ((double)rows.Dimensions / atOnce))) + (share * ProductsPerScore);
        return Doubt * cost < IntegerProduct * rows.Dimensions;
    }

    // The share of pairs that the bounds leave when thresholds are the last ones.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double ShareLeft(LeadingDirections directions, IndexRows rows, ReadOnlySpan<float> queries, int k, int rowsInScope)
    {
        int dimensions = rows.Dimensions, width = kernels.PanelRows, height = kernels.PanelQueries;
        int tried = Math.Min(MostRows, rows.Count), asked = Math.Min(MostQueries, queries.Length / dimensions);
        Span<float> some = _queries.Reserve((long)asked * dimensions);
        VectorSample.Take(queries, dimensions, some);
        Span<float> packed = _packed.Reserve(PanelProducts.LengthOf(asked, dimensions, height));
        PanelProducts.Pack(some, dimensions, packed, height);
        _along.SetProjected(some, dimensions, directions);
        ReadOnlySpan<float> along = MemoryMarshal.Cast<int, float>(_along.Slots);

        // Others than the directions were found in.
        Span<float> sample = _rows.Reserve((long)tried * dimensions);
        VectorSample.Take(rows, sample, between: true);
        Span<float> panels = _panels.Reserve((long)width * (dimensions + directions.Count + 2));
        Span<float> panel = panels[..(width * dimensions)], products = panels.Slice(width * dimensions, width * directions.Count);
        Span<float> lengths = panels.Slice(width * (dimensions + directions.Count), width), rests = panels[(width * (dimensions + directions.Count + 1))..];
        Span<float> both = _scores.Reserve(2L * asked * tried), scores = both[..(asked * tried)], bounds = both[(asked * tried)..];
        for (int first = 0; first < tried; first += width)
        {
            int count = Math.Min(width, tried - first);
            ReadOnlySpan<float> together = sample.Slice(first * dimensions, count * dimensions);
            for (int i = 0; i < count; i++)
            {
                lengths[i] = PanelScaling.For(together.Slice(i * dimensions, dimensions)).Length;
            }

            Transposition.Pack(together, dimensions, panel, width);
            directions.Project(panel, lengths, products, rests);
            PanelProducts.Multiply(kernels, packed, asked, panel, count, scores[first..], tried);
            PanelProducts.Multiply(kernels, along, asked, products, count, bounds[first..], tried);
            for (int query = 0; query < asked; query++)
            {
                for (int i = 0; i < count; i++)
                {
                    bounds[(query * tried) + first + i] += rests[i] * _along.Slacks[query];
                }
            }
        }

        // In so small a sample the k-th best row is about the best one, or better.
        int rank = (int)Math.Clamp((long)k * tried / rowsInScope, 1, tried);
        long left = 0;
        for (int query = 0; query < asked; query++)
        {
            float threshold = Selection.Descending(scores.Slice(query * tried, tried), rank - 1);
            foreach (float bound in bounds.Slice(query * tried, tried))
            {
                left += bound < threshold ? 0 : 1;
            }
        }

        return left / ((double)asked * tried);
    }
}
