using System.Runtime.InteropServices;

namespace ZeroShotCir.Kernels;

/// <summary>A panel of rows along leading directions, with what their bounds need. One for each thread.</summary>
internal sealed class ProjectedPanel(ScanKernels kernels)
{
    private readonly GrowingBuffer<float> _products = new();
    private readonly GrowingBuffer<float> _rests = new();

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>An upper bound of the lengths of the rows that bounds hold for.</summary>
    public float Longest { get; private set; }

    /// <summary>The products with the directions, packed for the tile of floats.</summary>
    public ReadOnlySpan<float> Products => _products.Span;

    /// <summary>An upper bound of the length of what the directions leave of each row; infinite for a row that no bound holds for.</summary>
    public ReadOnlySpan<float> Rests => _rests.Span;

    /// <summary>Multiplies rows with directions.</summary>
    /// <param name="rows">The rows, packed as floats.</param>
    /// <param name="directions">The directions.</param>
    public void Set(RowPanel rows, LeadingDirections directions)
    {
        int width = kernels.PanelRows;
        Count = rows.Count;
        Longest = 0;
        foreach (float length in rows.Margins[..rows.Count])
        {
            Longest = float.IsFinite(length) ? Math.Max(Longest, length) : Longest;
        }

        directions.Project(
            MemoryMarshal.Cast<int, float>(rows.Slots), rows.Margins, _products.Reserve((long)directions.Count * width), _rests.Reserve(width));
    }
}
