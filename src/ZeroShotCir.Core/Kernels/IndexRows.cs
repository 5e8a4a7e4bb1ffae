using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

/// <summary>The rows of an index: blocks whose ordinals run on, each possibly with a compressed copy.</summary>
internal sealed class IndexRows
{
    private readonly EmbeddingMatrix[] _blocks;
    private readonly CompressedRows?[] _compressed;
    private readonly float[] _meanLengths;
    private readonly int[] _starts;

    public IndexRows(EmbeddingMatrix[] blocks, CompressedRows?[] compressed)
    {
        _blocks = blocks;
        _compressed = compressed;
        _starts = new int[blocks.Length + 1];
        _meanLengths = new float[blocks.Length];
        Dimensions = blocks[0].Dimensions;
        for (int i = 0; i < blocks.Length; i++)
        {
            _starts[i + 1] = checked(_starts[i] + blocks[i].Rows);
            _meanLengths[i] = compressed[i] is { } copy ? MathF.BitIncrement((float)(UnitVector.Length(copy.Mean) * (1 + 1e-9))) : 0;
        }
    }

    /// <summary>The number of rows.</summary>
    public int Count => _starts[^1];

    /// <summary>The number of components of a row.</summary>
    public int Dimensions { get; }

    /// <summary>The number of blocks.</summary>
    public int Blocks => _blocks.Length;

    /// <summary>Whether every block that has rows has a compressed copy.</summary>
    public bool IsCompressed
    {
        get
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                if (_compressed[i] is null && _blocks[i].Rows > 0)
                {
                    return false;
                }
            }

            return Count > 0;
        }
    }

    /// <summary>The float32 rows of a block.</summary>
    public EmbeddingMatrix Block(int block) => _blocks[block];

    /// <summary>The int8 codes of a block, where there are any.</summary>
    public QuantizedMatrix? Codes(int block) => _compressed[block]?.Codes;

    /// <summary>The code planes of a block, where there are any.</summary>
    public CodePlanes? Planes(int block) => _compressed[block]?.Planes;

    /// <summary>Whether any block has code planes.</summary>
    public bool HasPlanes => Array.Exists(_compressed, copy => copy?.Planes is not null);

    /// <summary>An upper bound of the length of a compressed block's mean.</summary>
    public float MeanLength(int block) => _meanLengths[block];

    /// <summary>The ordinal of a block's first row.</summary>
    public int Start(int block) => _starts[block];

    /// <summary>The block of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int BlockOf(int ordinal)
    {
        int found = Array.BinarySearch(_starts, ordinal);
        if (found < 0)
        {
            return ~found - 1;
        }

        // Empty blocks share their start with the block that holds the row.
        while (_starts[found + 1] == ordinal)
        {
            found++;
        }

        return found;
    }

    /// <summary>The first component of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ref readonly float Row(int ordinal)
    {
        int block = BlockOf(ordinal);
        return ref MemoryMarshal.GetReference(_blocks[block][ordinal - _starts[block]]);
    }

    /// <summary>Says why a row's score is not a finite number.</summary>
    public InvalidEmbeddingException NotFinite(int ordinal)
    {
        int block = BlockOf(ordinal);
        ReadOnlySpan<float> row = _blocks[block][ordinal - _starts[block]];
        int bad = 0;
        while (bad < row.Length && float.IsFinite(row[bad]))
        {
            bad++; // One by one, since the sum of finite components may itself leave the range.
        }

        return new InvalidEmbeddingException(bad == row.Length
            ? $"The score of row {ordinal} of the index leaves the range of float32 (its components are finite, their products with the query's are not); "
                + "normalise the embeddings or the query."
            : $"Row {ordinal} of the index has a component that is not a finite number; remove the row or embed its item again.");
    }
}
