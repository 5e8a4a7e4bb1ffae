namespace ZeroShotCir.Composition;

/// <summary>Where queries and gallery rows are compared.</summary>
public enum CompositionSpace
{
    /// <summary>In the encoders' own space.</summary>
    Embedding,

    /// <summary>After the mean of its modality was taken away from every embedding.</summary>
    Centered,
}
