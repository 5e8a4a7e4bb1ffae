using System.Numerics;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Kernels;

/// <summary>The scans, compiled for one instruction set.</summary>
internal abstract class ScanKernels
{
    protected ScanKernels(string instructions, PlaneScan planes)
    {
        (FloatsName, PlanesName, CodesName) = (instructions + "-f32", instructions + "-i4", instructions + "-i8");
        (IntegersName, DirectionsName) = (instructions + "-i16", instructions + "-pca");
        Planes = planes;
    }

    /// <summary>The scans for the best instruction set of this processor.</summary>
    public static ScanKernels Best { get; } = For(InstructionSetDetection.Best);

    /// <summary>What a scan of float32 rows is called in statistics.</summary>
    public string FloatsName { get; }

    /// <summary>What a scan of compressed rows is called in statistics.</summary>
    public string CodesName { get; }

    /// <summary>What a scan of code planes is called in statistics.</summary>
    public string PlanesName { get; }

    /// <summary>The scan of code planes.</summary>
    public PlaneScan Planes { get; }

    /// <summary>What an integer batch is called in statistics.</summary>
    public string IntegersName { get; }

    /// <summary>What a batch along leading directions is called in statistics.</summary>
    public string DirectionsName { get; }

    /// <summary>The number of rows in a panel.</summary>
    public abstract int PanelRows { get; }

    /// <summary>The number of queries in a panel.</summary>
    public abstract int PanelQueries { get; }

    /// <summary>The number of rows in a panel of pairs.</summary>
    public abstract int PairRows { get; }

    /// <summary>The number of queries in a panel of pairs.</summary>
    public abstract int PairQueries { get; }

    /// <summary>The scans for an instruction set.</summary>
    public static ScanKernels For(InstructionSet instructions) => instructions switch
    {
        InstructionSet.Vector512 => new CompiledScanKernels<
            Dot512, Tile8x3<Simd512, Vector512<float>, Vector512<int>>, PairTile8x3<Simd512, Vector512<float>, Vector512<int>>, Simd512, Vector512<float>, Vector512<int>>(
            "avx512", new CompiledPlaneScan<Plane512>()),
        InstructionSet.Vector256 => new CompiledScanKernels<
            Dot256, Tile4x3<Simd256, Vector256<float>, Vector256<int>>, PairTile6x2<Simd256, Vector256<float>, Vector256<int>>, Simd256, Vector256<float>, Vector256<int>>(
            "avx2", new CompiledPlaneScan<Plane256>()),
        InstructionSet.Vector128 => new CompiledScanKernels<
            Dot128, Tile4x3<Simd128, Vector128<float>, Vector128<int>>, PairTile6x2<Simd128, Vector128<float>, Vector128<int>>, Simd128, Vector128<float>, Vector128<int>>(
            System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? "advsimd" : "vector128", new CompiledPlaneScan<Plane128>()),
        _ => new CompiledScanKernels<
            DotPortable, Tile4x3<SimdPortable, Vector<float>, Vector<int>>, PairTile6x2<SimdPortable, Vector<float>, Vector<int>>, SimdPortable, Vector<float>, Vector<int>>(
            "portable", new CompiledPlaneScan<PlanePortable>()),
    };

    /// <summary>See <see cref="IDotKernel.Score"/>.</summary>
    public abstract Vector128<float> Score(
        ref readonly float query, ref readonly float row0, ref readonly float row1, ref readonly float row2, ref readonly float row3, int dimensions);

    /// <summary>Scores rows and collects those that reach the threshold.</summary>
    public abstract void ScanRows(in ScanRange range, RowScorer scorer, RowFilter filter, CandidateTable table);

    /// <summary>Bounds the scores of compressed rows and collects those that may reach the threshold.</summary>
    public abstract void ScanCodes(in ScanRange range, CodeQuery query, float product, float margin, RowScorer scorer, RowFilter filter, CandidateTable table);

    /// <summary>Bounds the scores of all queries with a panel of rows and collects those that may reach their thresholds.</summary>
    public abstract void ScanPanel(QueryPanels queries, RowPanel panel, RowScorer scorer, RowFilter filter, CandidateTable table, Span<float> thresholds);

    /// <summary>See <see cref="ProjectedScan{TTile, TSimd, TFloat, TInt}.Sift"/>.</summary>
    public abstract void Sift(QueryPanels queries, ProjectedPanel panel, ReadOnlySpan<float> thresholds, Span<ulong> reaching);

    /// <summary>Sums the squares of each vector of a panel of <see cref="PanelRows"/>.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="sums">Receives a sum for each vector.</param>
    public abstract void SumSquares(ReadOnlySpan<float> panel, Span<float> sums);

    /// <summary>Multiplies a panel of queries with a panel of rows; see <see cref="ITile{T}"/>.</summary>
    /// <param name="queries">The queries' panel.</param>
    /// <param name="rows">The rows' panel.</param>
    /// <param name="dimensions">The number of components.</param>
    /// <param name="products">Receives <see cref="PanelRows"/> products for each of <see cref="PanelQueries"/> queries.</param>
    /// <param name="stride">How far apart the products of two queries begin.</param>
    public abstract void MultiplyPanels(ReadOnlySpan<float> queries, ReadOnlySpan<float> rows, int dimensions, Span<float> products, int stride);

    /// <summary>The number of rows that <see cref="MultiplyRows"/> needs at least.</summary>
    public abstract int FewestRows { get; }

    /// <summary>Multiplies a few queries with rows as they stand in memory; see <see cref="FewQueries{TTile, TSimd, TFloat, TInt}"/>.</summary>
    /// <param name="queries">The queries' panels.</param>
    /// <param name="count">The number of queries; well done for <see cref="FewQueries.Most"/> at most.</param>
    /// <param name="rows">The rows, at least <see cref="FewestRows"/>.</param>
    /// <param name="dimensions">The number of components.</param>
    /// <param name="products">Receives the products of the first query with the rows, and of the others.</param>
    /// <param name="stride">How far apart the products of two queries begin.</param>
    public abstract void MultiplyRows(ReadOnlySpan<float> queries, int count, ReadOnlySpan<float> rows, int dimensions, Span<float> products, int stride);

    /// <summary>Turns a panel of floats into one of int16 pairs.</summary>
    /// <param name="floats">The rows' panel, with a component of zeros after an odd last one.</param>
    /// <param name="multipliers">What each row is multiplied with.</param>
    /// <param name="pairs">Receives the pairs; half as long as <paramref name="floats"/>.</param>
    public abstract void QuantizePanel(ReadOnlySpan<float> floats, ReadOnlySpan<float> multipliers, Span<int> pairs);
}
