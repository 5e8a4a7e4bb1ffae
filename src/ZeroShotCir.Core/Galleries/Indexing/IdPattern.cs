using System.Globalization;
using System.Text;
using ZeroShotCir.Text;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>
/// A pattern of ids: <c>*</c> stands for any characters, folders included, <c>?</c> for one, as a reader counts them (an emoji is one).
/// Upper and lower case differ; Unicode forms do not.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class IdPattern
{
    private readonly string[] _elements;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">The pattern, such as <c>dresses/*</c>.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public IdPattern(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        Pattern = pattern;
        _elements = Elements(pattern);
    }

    /// <summary>The pattern as it was given.</summary>
    public string Pattern { get; }

    /// <summary>Whether an id is of this pattern.</summary>
    /// <param name="id">The id.</param>
    /// <returns><see langword="true"/> if it is, whole.</returns>
    public bool Matches(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Matches(_elements, Elements(id), StringComparison.Ordinal);
    }

    /// <summary>Why no id is of this pattern, where a small slip explains it.</summary>
    /// <param name="ids">The ids.</param>
    /// <returns>A sentence that names the pattern that would match; <see langword="null"/> where none of the usual slips explains it.</returns>
    public string? Explain(IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        string slashed = Pattern.Replace('\\', '/'), below = slashed.TrimEnd('/') + "/*", anywhere = "*/" + slashed.TrimStart('/');
        (string[] Elements, StringComparison Comparison, string Sentence)[] slips =
        [
            (Elements(slashed), StringComparison.Ordinal, $"Ids have slashes: '{slashed}' matches."),
            (Elements(below), StringComparison.Ordinal, $"For all that lies in a folder, give '{below}'."),
            (_elements, StringComparison.OrdinalIgnoreCase, "Upper and lower case differ: '{0}' would match but for its case."),
            (
                Elements(below),
                StringComparison.OrdinalIgnoreCase,
                $"Upper and lower case differ, and all that lies in a folder is '{below}': '{{0}}' would match but for its case."),
            (Elements(anywhere), StringComparison.Ordinal, $"Ids begin with their folders: '{anywhere}' matches."),
        ];
        int best = slips.Length;
        string example = "";
        foreach (string id in ids)
        {
            string[] elements = Elements(id);
            for (int i = 0; i < best; i++)
            {
                if (Matches(slips[i].Elements, elements, slips[i].Comparison))
                {
                    (best, example) = (i, id);
                }
            }
        }

        return best < slips.Length ? slips[best].Sentence.Replace("{0}", example, StringComparison.Ordinal) : null;
    }

    // Greedy: after a star that did not do, only the latest one has to take more.
    private static bool Matches(string[] pattern, string[] text, StringComparison comparison)
    {
        int p = 0, t = 0, star = -1, starred = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == "*")
            {
                (star, starred) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == "?" || pattern[p].Equals(text[t], comparison)))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++starred;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == "*")
        {
            p++;
        }

        return p == pattern.Length;
    }

    // A wildcard stands alone even where an accent follows it.
    private static string[] Elements(string text)
    {
        if (Ascii.IsValid(text))
        {
            return [.. text.Select(character => character.ToString())];
        }

        List<string> elements = [];
        TextElementEnumerator enumerator = StringInfo.GetTextElementEnumerator(CanonicalForm.Compose(text));
        while (enumerator.MoveNext())
        {
            string element = enumerator.GetTextElement();
            if (element.Length > 1 && element[0] is '*' or '?')
            {
                elements.Add(element[..1]);
                element = element[1..];
            }

            if (element.Length > 0)
            {
                elements.Add(element);
            }
        }

        return [.. elements];
    }
}
