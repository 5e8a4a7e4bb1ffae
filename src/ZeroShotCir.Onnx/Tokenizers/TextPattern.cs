using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>
/// A pattern of a <c>tokenizer.json</c>. Patterns come from strangers: they run in linear time where the engine can do so,
/// and all have a time limit, after which <see cref="RegexMatchTimeoutException"/> names the pattern.
/// </summary>
internal sealed class TextPattern
{
    private const int LongestPattern = 4096;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    private readonly Regex _regex;

    private TextPattern(Regex regex) => _regex = regex;

    /// <summary>Reads a pattern: a literal text or a regular expression.</summary>
    /// <exception cref="InvalidDataException">It is neither, or too long.</exception>
    public static TextPattern Read(JsonElement pattern)
    {
        string expression = pattern.Optional("String")?.GetString() is { } literal ? Regex.Escape(literal) : pattern.Text("Regex");
        return expression.Length is > 0 and <= LongestPattern
            ? new TextPattern(Compile(expression))
            : throw new InvalidDataException($"its pattern {Shorten(pattern.ToString())} is neither a 'String' nor a 'Regex' of 1 to {LongestPattern} characters");
    }

    /// <summary>The matches, from left to right; some may be empty.</summary>
    public IEnumerable<(int Start, int End)> Find(string text)
    {
        long begun = Stopwatch.GetTimestamp();
        for (Match match = _regex.Match(text); match.Success; match = match.NextMatch())
        {
            if (Stopwatch.GetElapsedTime(begun) > TimeLimit)
            {
                throw new RegexMatchTimeoutException(text, _regex.ToString(), TimeLimit);
            }

            yield return (match.Index, match.Index + match.Length);
        }
    }

    private static Regex Compile(string expression)
    {
        try
        {
            return new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeLimit);
        }
        catch (NotSupportedException)
        {
            // What looks around or back needs the engine that tries ways one after another.
            return new Regex(expression, RegexOptions.CultureInvariant, TimeLimit);
        }
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
