namespace ZeroShotCir.Tool.Options;

/// <summary>What a chat model says of images that were found.</summary>
internal enum VerifierForm
{
    /// <summary>A number from 0 to 10 for each.</summary>
    Fit,

    /// <summary>How sure it is of a yes, for each.</summary>
    YesNo,

    /// <summary>The order of all, shown in one numbered picture.</summary>
    Grid,

    /// <summary>The order of all, shown one after the other.</summary>
    List,
}
