using System.Globalization;
using ZeroShotCir.Composition;

namespace ZeroShotCir.Evaluation.Settings;

/// <summary>The points of a grid over α, β and fusions, to be evaluated together.</summary>
public static class Sweep
{
    private const int LargestRange = 10_001;

    /// <summary>Spells out a range.</summary>
    /// <param name="text"><c>first:last:step</c>, both ends included, as in <c>0:1:0.05</c>; or single values separated by commas.</param>
    /// <returns>The values, free of accumulated rounding: the n-th is <c>first + n·step</c> to ten decimals.</returns>
    /// <exception cref="ArgumentException">It cannot be read, or the range is empty or has more than 10,001 values.</exception>
    public static IReadOnlyList<double> ParseRange(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        string[] parts = text.Split(':');
        if (parts.Length == 1)
        {
            return [.. text.Split(',').Select(Number)];
        }

        if (parts.Length != 3)
        {
            throw Unreadable();
        }

        (double first, double last, double step) = (Number(parts[0]), Number(parts[1]), Number(parts[2]));
        double count = Math.Floor(((last - first) / step) + 1e-9) + 1;
        if (!(step > 0) || !(count is >= 1 and <= LargestRange))
        {
            throw Unreadable();
        }

        return [.. Enumerable.Range(0, (int)count).Select(n => Math.Round(first + (n * step), 10))];

        double Number(string part) => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw Unreadable();

        ArgumentException Unreadable() => new(
            $"The range '{text}' cannot be read; expected first:last:step with a positive step, such as 0:1:0.05, or values separated by commas.", nameof(text));
    }

    /// <summary>Every combination of the given values, β varying fastest.</summary>
    /// <param name="setting">What does not vary.</param>
    /// <param name="alphas">The weights of the text.</param>
    /// <param name="betas">The weights of captions.</param>
    /// <param name="fusions">The fusions; <see langword="null"/> for that of <paramref name="setting"/>. One that has no α appears once per β.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A weight is not in [0, 1].</exception>
    public static IReadOnlyList<EvaluationSetting> Grid(
        EvaluationSetting setting, IReadOnlyList<double> alphas, IReadOnlyList<double> betas, IReadOnlyList<CompositionStrategy>? fusions = null)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return
        [
            .. from fusion in fusions ?? [setting.Fusion]
               from alpha in fusion.Definition.UsesAlpha ? alphas : [setting.Alpha]
               from beta in betas
               select setting with { Fusion = fusion, Alpha = alpha, Beta = beta },
        ];
    }
}
