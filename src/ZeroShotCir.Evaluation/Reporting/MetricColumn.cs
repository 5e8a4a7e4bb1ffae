using System.Globalization;

namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>A metric as a column: shares are shown in percent with a bar, ranks and reciprocal ranks as they are.</summary>
internal sealed record MetricColumn(string Name, bool IsPercentage = true, bool SmallerIsBetter = false)
{
    public string Format(double value) => value.ToString(IsPercentage ? "0.0" : SmallerIsBetter ? "0.#" : "0.000", CultureInfo.InvariantCulture);
}
