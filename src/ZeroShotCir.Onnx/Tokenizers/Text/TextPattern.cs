using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ZeroShotCir.Onnx.Json;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>
/// A pattern of a <c>tokenizer.json</c>. Patterns come from strangers: a literal is searched for, what cannot backtrack badly
/// runs on the ordinary engine, everything else in linear time where the engine can do so and always with a time limit, after
/// which <see cref="RegexMatchTimeoutException"/> names the pattern.
/// </summary>
internal sealed partial class TextPattern
{
    private const int LongestPattern = 4096;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    private readonly string? _literal;
    private readonly Regex? _regex;
    private readonly bool _isSimple;

    private TextPattern(string? literal, string expression)
    {
        _literal = literal;
        _isSimple = literal is null && IsSimple(expression);
        _regex = literal is not null ? null : _isSimple ? new Regex(expression, RegexOptions.CultureInvariant) : Compile(expression);
    }

    /// <summary>Reads a pattern: a literal text or a regular expression.</summary>
    /// <exception cref="InvalidDataException">It is neither, or too long.</exception>
    public static TextPattern Read(JsonElement pattern)
    {
        string? literal = pattern.Optional("String")?.GetString();
        string expression = literal ?? pattern.Text("Regex");
        return expression.Length is > 0 and <= LongestPattern
            ? new TextPattern(literal, expression)
            : throw new InvalidDataException($"its pattern {Shorten(pattern.ToString())} is neither a 'String' nor a 'Regex' of 1 to {LongestPattern} characters");
    }

    /// <summary>The matches, from left to right; some may be empty.</summary>
    public IEnumerable<(int Start, int End)> Find(string text)
        => _literal is { } literal ? FindLiteral(text, literal) : _isSimple ? FindSimple(text, _regex!) : FindWithinTime(text, _regex!);

    /// <summary>
    /// Whether an expression is single characters of which at most the last repeats: nothing follows that could fail and make
    /// the engine give back what the repetition took.
    /// </summary>
    internal static bool IsSimple(string expression) => SimpleExpression().IsMatch(expression);

    private static IEnumerable<(int Start, int End)> FindLiteral(string text, string literal)
    {
        for (int start = 0; (start = text.IndexOf(literal, start, StringComparison.Ordinal)) >= 0; start += literal.Length)
        {
            yield return (start, start + literal.Length);
        }
    }

    private static IEnumerable<(int Start, int End)> FindSimple(string text, Regex regex)
    {
        for (Match match = regex.Match(text); match.Success; match = match.NextMatch())
        {
            yield return (match.Index, match.Index + match.Length);
        }
    }

    private static IEnumerable<(int Start, int End)> FindWithinTime(string text, Regex regex)
    {
        long begun = Stopwatch.GetTimestamp();
        for (Match match = regex.Match(text); match.Success; match = match.NextMatch())
        {
            if (Stopwatch.GetElapsedTime(begun) > TimeLimit)
            {
                throw new RegexMatchTimeoutException(text, regex.ToString(), TimeLimit);
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

    // The alternatives begin differently, so that this expression does not backtrack badly either.
    [GeneratedRegex(
        @"\A(?:[^\\\[\](){}.*+?|^$]|\\(?:[dDsSwW]|[pP]\{\w+\}|[^\w\s])|\[\^?(?:[^\\\[\]^]|\\(?:[dDsSwWnrt]|[pP]\{\w+\}|[^\w\s]))+\])+(?:[*+]|\{[0-9]{1,2}(?:,[0-9]{0,2})?\})?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex SimpleExpression();
}
