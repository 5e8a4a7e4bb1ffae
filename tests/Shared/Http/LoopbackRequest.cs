namespace ZeroShotCir.Tests.Http;

/// <summary>A request that a <see cref="LoopbackServer"/> received.</summary>
internal sealed record LoopbackRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The path without the query.</summary>
    public string Path => Target.Split('?')[0];
}
