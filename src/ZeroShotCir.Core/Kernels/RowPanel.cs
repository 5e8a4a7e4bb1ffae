using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Kernels;

/// <summary>Rows packed for a tile, with what their bounds need. One for each thread.</summary>
internal sealed class RowPanel(ScanKernels kernels)
{
    private readonly GrowingBuffer<float> _floats = new();
    private readonly GrowingBuffer<int> _slots = new();
    private readonly GrowingBuffer<float> _factors = new();
    private int _width;

    /// <summary>The ordinal of the first row.</summary>
    public int FirstOrdinal { get; private set; }

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The components, packed: floats, or pairs of int16.</summary>
    public ReadOnlySpan<int> Slots => _slots.Span;

    /// <summary>A factor for each row's products.</summary>
    public ReadOnlySpan<float> Scales => _factors.Span[.._width];

    /// <summary>A factor for each row's slack; infinite for a row that no bound holds for.</summary>
    public ReadOnlySpan<float> Margins => _factors.Span.Slice(_width, _width);

    /// <summary>Packs rows.</summary>
    /// <param name="range">The rows, no more than a panel holds.</param>
    /// <param name="quantize">Whether to make int16 pairs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(in ScanRange range, bool quantize)
    {
        int dimensions = range.Rows.Dimensions, depth = quantize ? (dimensions + 1) / 2 : dimensions;
        FirstOrdinal = range.FirstOrdinal;
        Count = range.Count;
        _width = quantize ? kernels.PairRows : kernels.PanelRows;
        Span<float> factors = _factors.Reserve(3 * _width);
        factors.Clear();
        Span<float> scales = factors[.._width], margins = factors.Slice(_width, _width), multipliers = factors[(2 * _width)..];
        ReadOnlySpan<float> source = range.Rows.Block(range.Block).Values.Slice(range.Start * dimensions, range.Count * dimensions);
        for (int row = 0; row < range.Count; row++)
        {
            PanelScaling scaling = PanelScaling.For(source.Slice(row * dimensions, dimensions));
            float unit = quantize ? 1 / scaling.Scale : scaling.Length;
            scales[row] = quantize ? unit : 1;
            margins[row] = scaling.IsBounded ? unit : float.PositiveInfinity;
            multipliers[row] = scaling.Scale;
        }

        Span<int> slots = _slots.Reserve((long)depth * _width);
        if (!quantize)
        {
            Transposition.Pack(source, dimensions, MemoryMarshal.Cast<int, float>(slots), _width);
            return;
        }

        // An odd last component is paired with zeros.
        Span<float> floats = _floats.Reserve(2L * depth * _width);
        Transposition.Pack(source, dimensions, floats, _width);
        floats[(dimensions * _width)..].Clear();
        kernels.QuantizePanel(floats, multipliers, slots);
    }
}
