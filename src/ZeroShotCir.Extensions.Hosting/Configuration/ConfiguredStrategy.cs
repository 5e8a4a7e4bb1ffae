using ZeroShotCir.Composition;

namespace ZeroShotCir.Extensions.Hosting.Configuration;

/// <summary>Makes a strategy of what configuration says.</summary>
internal static class ConfiguredStrategy
{
    /// <exception cref="ArgumentException">The strategy or a parameter is not known, or a value is out of range.</exception>
    public static CompositionStrategy Create(string text, IDictionary<string, double> parameters, double alpha)
    {
        CompositionStrategy written = StrategyTable.Parse(text);
        Dictionary<string, double> all = new(written.Parameters, StringComparer.Ordinal);
        foreach ((string name, double value) in parameters)
        {
            all[name] = value;
        }

        return written.Definition.Create(all, alpha);
    }
}
