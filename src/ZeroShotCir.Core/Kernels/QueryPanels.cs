using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>A batch of queries, packed for a tile. The names are those of docs/certified-scan.md.</summary>
internal sealed class QueryPanels(ScanKernels kernels)
{
    private readonly GrowingBuffer<int> _slots = new();
    private readonly GrowingBuffer<float> _slacks = new();
    private readonly GrowingBuffer<float> _units = new();
    private readonly GrowingBuffer<float> _allowances = new();
    private readonly GrowingBuffer<float> _panel = new();
    private readonly GrowingBuffer<float> _products = new();

    /// <summary>The number of queries.</summary>
    public int Count { get; private set; }

    /// <summary>The number of components.</summary>
    public int Dimensions { get; private set; }

    /// <summary>Whether the panels hold int16 pairs.</summary>
    public bool Quantized { get; private set; }

    /// <summary>The number of slots of 32 bits that a vector takes.</summary>
    public int Depth => Quantized ? (Dimensions + 1) / 2 : Dimensions;

    /// <summary>The panels: floats, or pairs of int16.</summary>
    public ReadOnlySpan<int> Slots => _slots.Span;

    /// <summary>What each query adds to the margin, in its units; infinite for a query that no bound holds for.</summary>
    public ReadOnlySpan<float> Slacks => _slacks.Span;

    /// <summary>What a unit of each query's products is worth.</summary>
    public ReadOnlySpan<float> Units => _units.Span;

    /// <summary>What is taken off each query's threshold for rounding, per length of a row, where it stands along leading directions.</summary>
    public ReadOnlySpan<float> Allowances => _allowances.Span;

    /// <summary>Packs queries along leading directions. Their slacks are the lengths of what these leave of them.</summary>
    /// <param name="queries">The queries, one after the other.</param>
    /// <param name="dimensions">The number of components of each.</param>
    /// <param name="directions">The directions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SetProjected(ReadOnlySpan<float> queries, int dimensions, LeadingDirections directions)
    {
        (Count, Dimensions, Quantized) = (queries.Length / dimensions, directions.Count, false);
        int height = kernels.PanelQueries, width = kernels.PanelRows, padded = (Count + height - 1) / height * height;
        Span<int> slots = _slots.Reserve((long)padded * Depth);
        slots.Clear();
        Span<float> slacks = _slacks.Reserve(Count), allowances = _allowances.Reserve(Count);
        Span<float> panel = _panel.Reserve((long)dimensions * width), products = _products.Reserve(((long)Depth + 2) * width);
        Span<float> lengths = products.Slice(Depth * width, width), rests = products[((Depth + 1) * width)..];
        for (int start = 0; start < Count; start += width)
        {
            int some = Math.Min(width, Count - start);
            Transposition.Pack(queries.Slice(start * dimensions, some * dimensions), dimensions, panel, width);
            lengths.Clear();
            for (int i = 0; i < some; i++)
            {
                PanelScaling scaling = PanelScaling.For(queries.Slice((start + i) * dimensions, dimensions));
                lengths[i] = scaling.IsBounded ? scaling.Length : float.PositiveInfinity;
                allowances[start + i] = scaling.IsBounded ? scaling.Length * directions.Allowance : 0;
            }

            directions.Project(panel, lengths, products[..(Depth * width)], rests);
            rests[..some].CopyTo(slacks[start..]);
            for (int i = 0; i < some; i++)
            {
                int query = start + i, first = (query / height * height * Depth) + (query % height);
                for (int d = 0; d < Depth; d++)
                {
                    slots[first + (d * height)] = BitConverter.SingleToInt32Bits(products[(d * width) + i]);
                }
            }
        }
    }

    /// <summary>Packs queries.</summary>
    /// <param name="queries">The queries, one after the other.</param>
    /// <param name="dimensions">The number of components of each.</param>
    /// <param name="quantize">Whether to pack int16 pairs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(ReadOnlySpan<float> queries, int dimensions, bool quantize)
    {
        Count = queries.Length / dimensions;
        Dimensions = dimensions;
        Quantized = quantize;
        int width = quantize ? kernels.PairQueries : kernels.PanelQueries, padded = (Count + width - 1) / width * width;
        Span<float> slacks = _slacks.Reserve(padded);
        Span<float> units = _units.Reserve(padded);
        slacks.Clear();
        units.Fill(1);
        Span<int> slots = _slots.Reserve((long)padded * Depth);
        slots.Clear();
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<float> query = queries.Slice(i * dimensions, dimensions);
            int first = ((i / width) * width * Depth) + (i % width);
            PanelScaling scaling = PanelScaling.For(query);
            if (!quantize)
            {
                slacks[i] = scaling.IsBounded ? PanelScaling.FloatSlack(scaling.Length, dimensions) : float.PositiveInfinity;
                for (int d = 0; d < dimensions; d++)
                {
                    slots[first + (d * width)] = BitConverter.SingleToInt32Bits(query[d]);
                }

                continue;
            }

            slacks[i] = scaling.IsBounded ? PanelScaling.IntegerSlack(dimensions) : float.PositiveInfinity;
            units[i] = scaling.IsBounded ? 1 / scaling.Scale : 1;
            for (int d = 0; scaling.IsBounded && d < dimensions; d += 2)
            {
                int low = PanelScaling.Quantize(query[d], scaling.Scale);
                int high = d + 1 < dimensions ? PanelScaling.Quantize(query[d + 1], scaling.Scale) : 0;
                slots[first + (d / 2 * width)] = (low & 0xFFFF) | (high << 16);
            }
        }
    }
}
