using ZeroShotCir.Composition;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>How a <see cref="StorePush"/> folds and writes.</summary>
public sealed class StorePushOptions
{
    /// <summary>How much captions count, the paper's β.</summary>
    /// <value>In [0, 1]. The default value is <see langword="null"/>: that of the store, else that whose rows the gallery stores, else 0.1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double? Beta
    {
        get;
        set
        {
            if (value is { } weight)
            {
                Folding.ThrowIfNotWeight(weight, nameof(Beta));
            }

            field = value;
        }
    }

    /// <summary>The embedding of the empty text, which stands in for missing captions; empty where such items score by their image alone.</summary>
    /// <value>The default value is empty.</value>
    public ReadOnlyMemory<float> EmptyText { get; set; }

    /// <summary>Whether image and captions' mean are stored beside the folded row: row-wise strategies and other caption weights need them, at three times the bytes.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool KeepParts { get; set; } = true;

    /// <summary>Whether mean and covariance of the rows are measured, which strategies need that compare a similarity with those of all items.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool MeasureMoments { get; set; } = true;

    /// <summary>How many rows are written together.</summary>
    /// <value>At least 1. The default value is 500.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int BatchSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(BatchSize));
            field = value;
        }
    } = 500;
}
