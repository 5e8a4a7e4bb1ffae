namespace ZeroShotCir.Evaluation.Settings;

/// <summary>How an evaluation runs.</summary>
public sealed record EvaluationOptions
{
    /// <summary>What was measured of a corpus of texts, for the strategy <c>basic</c>.</summary>
    /// <value>The default value is <see langword="null"/>: that of the features, where they have one.</value>
    public Composition.CorpusProjection? Projection { get; init; }

    private readonly int _threads = Environment.ProcessorCount;

    /// <summary>Whether the evaluation goes on without images that the features lack, counting what it leaves out.</summary>
    /// <value>
    /// The default value is <see langword="false"/>: an image that is missing is an error, since figures on a part of a data set do not
    /// compare with published ones. With <see langword="true"/>, missing images leave the gallery, and queries whose reference or target
    /// is missing are not evaluated.
    /// </value>
    public bool AllowMissing { get; init; }

    /// <summary>How many threads compute. Results do not depend on it.</summary>
    /// <value>At least 1. The default value is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Threads
    {
        get => _threads;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _threads = value;
        }
    }
}
