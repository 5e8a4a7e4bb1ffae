namespace ZeroShotCir.Embeddings;

/// <summary>What an <see cref="IComposedEncoder"/> makes of an image and a text that come together.</summary>
public enum CompositionKind
{
    /// <summary>The model reads both at once: what it says of one depends on the other.</summary>
    Joint,

    /// <summary>The model was made to be asked by the sum of both embeddings, each encoded alone.</summary>
    Averaged,

    /// <summary>The model knows images and texts only apart; their embeddings are combined by the weight of the text α.</summary>
    Separate,

    /// <summary>The model reads texts only; an image is refused.</summary>
    TextOnly,
}
