using System.ComponentModel.DataAnnotations;

namespace ZeroShotCir.Extensions.Hosting.Configuration;

/// <summary>How what concurrent callers want encoded is taken together: the section <c>Batching</c>.</summary>
public sealed class BatchingOptions
{
    internal const int DefaultMaxBatchSize = 16;
    internal const int DefaultQueueLimit = 256;

    /// <summary>Whether it is.</summary>
    /// <value>The default value is <see langword="true"/>. A single caller never waits for others, and no answer depends on it.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The most images or texts that are encoded together.</summary>
    /// <value>From 1 to 4096. The default value is 16.</value>
    [Range(1, 4096)]
    public int MaxBatchSize { get; set; } = DefaultMaxBatchSize;

    /// <summary>The most calls that wait; a further one is refused at once.</summary>
    /// <value>From 1 to 1,000,000. The default value is 256.</value>
    [Range(1, 1_000_000)]
    public int QueueLimit { get; set; } = DefaultQueueLimit;
}
