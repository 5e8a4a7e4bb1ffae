namespace ZeroShotCir.Tests.Usage;

/// <summary>Tests that measure what the whole process has, and so run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "alone";
}
