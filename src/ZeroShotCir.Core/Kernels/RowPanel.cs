using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>Rows packed for a tile, with what their bounds need. One for each thread.</summary>
internal sealed class RowPanel(ScanKernels kernels)
{
    private readonly GrowingBuffer<float> _floats = new();
    private readonly GrowingBuffer<int> _pairs = new();
    private readonly GrowingBuffer<float> _factors = new();
    private readonly GrowingBuffer<float> _sums = new();

    /// <summary>The ordinal of the first row.</summary>
    public int FirstOrdinal { get; private set; }

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The number of components.</summary>
    public int Dimensions { get; private set; }

    /// <summary>The components, packed.</summary>
    public Span<float> Floats => _floats.Span;

    /// <summary>The int16 pairs, packed.</summary>
    public Span<int> Pairs => _pairs.Span;

    /// <summary>A factor for each row's products.</summary>
    public Span<float> Scales => _factors.Span[..kernels.PanelRows];

    /// <summary>A factor for each row's slack; infinite for a row that no bound holds for.</summary>
    public Span<float> Margins => _factors.Span.Slice(kernels.PanelRows, kernels.PanelRows);

    /// <summary>What each row is multiplied with before it is rounded to int16.</summary>
    public Span<float> Multipliers => _factors.Span.Slice(2 * kernels.PanelRows, kernels.PanelRows);

    /// <summary>Room for the products of a tile.</summary>
    public Span<float> Sums => _sums.Span;

    /// <summary>Packs rows.</summary>
    /// <param name="range">The rows, at most <see cref="ScanKernels.PanelRows"/>.</param>
    /// <param name="quantize">Whether to make int16 pairs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(in ScanRange range, bool quantize)
    {
        int dimensions = range.Rows.Dimensions, width = kernels.PanelRows;
        FirstOrdinal = range.FirstOrdinal;
        Count = range.Count;
        Dimensions = dimensions;
        _sums.Reserve(width * kernels.PanelQueries);
        _factors.Reserve(3 * width).Clear();
        Span<float> scales = Scales, margins = Margins, multipliers = Multipliers;
        ReadOnlySpan<float> source = range.Rows.Block(range.Block).Values.Slice(range.Start * dimensions, range.Count * dimensions);
        for (int row = 0; row < range.Count; row++)
        {
            PanelScaling scaling = PanelScaling.For(source.Slice(row * dimensions, dimensions));
            float unit = quantize ? 1 / scaling.Scale : scaling.Length;
            scales[row] = quantize ? unit : 1;
            margins[row] = scaling.IsBounded ? unit : float.PositiveInfinity;
            multipliers[row] = scaling.Scale;
        }

        // An odd last component is paired with zeros.
        Span<float> floats = _floats.Reserve((long)(dimensions + (dimensions & 1)) * width);
        Transposition.Pack(source, dimensions, floats, width);
        floats[(dimensions * width)..].Clear();
        if (quantize)
        {
            _pairs.Reserve((dimensions + 1) / 2 * width);
            kernels.QuantizePanel(this);
        }
    }
}
