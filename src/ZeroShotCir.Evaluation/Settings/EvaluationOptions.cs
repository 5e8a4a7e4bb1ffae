namespace ZeroShotCir.Evaluation.Settings;

/// <summary>How an evaluation runs.</summary>
public sealed class EvaluationOptions
{
    /// <summary>Makes options that have the default values.</summary>
    public EvaluationOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public EvaluationOptions(EvaluationOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Projection = other.Projection;
        AllowMissing = other.AllowMissing;
        Threads = other.Threads;
    }

    /// <summary>What was measured of a corpus of texts, for the strategy <c>basic</c>.</summary>
    /// <value>The default value is <see langword="null"/>: that of the features, where they have one.</value>
    public Composition.CorpusProjection? Projection { get; set; }

    /// <summary>Whether the evaluation goes on without images that the features lack, counting what it leaves out.</summary>
    /// <value>
    /// The default value is <see langword="false"/>: an image that is missing is an error, since figures on a part of a data set do not
    /// compare with published ones. With <see langword="true"/>, missing images leave the gallery, and queries whose reference or target
    /// is missing are not evaluated.
    /// </value>
    public bool AllowMissing { get; set; }

    /// <summary>How many threads compute. Results do not depend on it.</summary>
    /// <value>At least 1. The default value is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Threads
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;
}
