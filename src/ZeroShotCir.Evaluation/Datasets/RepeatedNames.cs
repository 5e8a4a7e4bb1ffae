using System.Globalization;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Tells rows apart that have one name: a file that is listed twice is two rows of a gallery.</summary>
internal static class RepeatedNames
{
    /// <summary>The names, from the second occurrence on with its number, such as <c>a.jpg#2</c>.</summary>
    public static IReadOnlyList<string> Number(IEnumerable<string> names)
    {
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        List<string> numbered = [];
        foreach (string name in names)
        {
            int count = seen[name] = seen.GetValueOrDefault(name) + 1;
            numbered.Add(count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}#{count}"));
        }

        return numbered;
    }
}
