namespace ZeroShotCir.Tool.Tests.Usage;

/// <summary>Tests that take the console of the process for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeConsole
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "console";
}
