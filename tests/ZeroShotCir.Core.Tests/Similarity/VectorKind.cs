namespace ZeroShotCir.Tests.Similarity;

/// <summary>The data that searches are tried on.</summary>
public enum VectorKind
{
    /// <summary>Small integers: every sum is exact in any order, and ties abound.</summary>
    Integers,

    /// <summary>Random directions of length 1.</summary>
    Unit,

    /// <summary>A shared mean and a few outlier components, as vision-language models have them.</summary>
    Uncentred,

    /// <summary>Every row the same.</summary>
    Constant,

    /// <summary>One component set.</summary>
    OneHot,

    /// <summary>Copies of a few rows that differ by rounding errors.</summary>
    NearDuplicates,

    /// <summary>Numbers whose products are subnormal or zero.</summary>
    Tiny,

    /// <summary>Numbers whose products are near the end of the range.</summary>
    Huge,

    /// <summary>Rows of lengths from 1e-6 to 1e6, some zero.</summary>
    MixedLengths,

    /// <summary>Most of the length in a few directions that are no axes, more of it the earlier the direction, as image encoders spread it.</summary>
    Concentrated,
}
