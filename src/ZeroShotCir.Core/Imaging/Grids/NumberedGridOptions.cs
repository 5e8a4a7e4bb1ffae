namespace ZeroShotCir.Imaging.Grids;

/// <summary>How several pictures are drawn as one.</summary>
/// <remarks>Not to be changed while a grid is being drawn; <see cref="NumberedGrid"/> takes a copy.</remarks>
public sealed class NumberedGridOptions
{
    /// <summary>The longer edge that every picture is scaled to.</summary>
    /// <value>In pixels, 32 to 2048. The default value is 224.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that range.</exception>
    public int Edge
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 32, nameof(Edge));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 2048, nameof(Edge));
            field = value;
        }
    } = 224;

    /// <summary>How many pictures stand beside each other.</summary>
    /// <value>At least 1. The default value is <see langword="null"/>: as many as rows, or one more.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? Columns
    {
        get;
        set
        {
            if (value is { } columns)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1, nameof(Columns));
            }

            field = value;
        }
    }

    /// <summary>What is refused before it is decoded, and whether pictures are turned upright.</summary>
    /// <value>The default value has the default limits and turns pictures upright.</value>
    public DecodeOptions DecodeOptions { get; set; } = new();

    internal NumberedGridOptions Copy() => new() { Edge = Edge, Columns = Columns, DecodeOptions = new DecodeOptions(DecodeOptions) };
}
