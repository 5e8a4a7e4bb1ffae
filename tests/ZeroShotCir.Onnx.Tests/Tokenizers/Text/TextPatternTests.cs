using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Tests.Tokenizers.Text;

public sealed class TextPatternTests
{
    [Theory]
    [InlineData(" {2,}", true)]
    [InlineData(@"\p{N}", true)]
    [InlineData("[0-9][0-9][0-9]", true)]
    [InlineData(@"\s+", true)]
    [InlineData(@"[^\s\p{L}\p{N}]+", true)]
    [InlineData("ab*", true)]
    [InlineData("(a+)+b", false)]
    [InlineData("a*a*b", false)]
    [InlineData("a+b", false)]
    [InlineData("a|aa", false)]
    [InlineData("a{1000}", false)]
    [InlineData("a{2}{3}", false)]
    [InlineData("[a-z-[b]]+", false)]
    [InlineData("(?i)a", false)]
    [InlineData(@"\1", false)]
    [InlineData(@"\bx", false)]
    [InlineData("^a+", false)]
    public void Only_single_characters_of_which_the_last_may_repeat_run_on_the_ordinary_engine(string expression, bool isSimple)
        => Assert.Equal(isSimple, TextPattern.IsSimple(expression));

    [Theory]
    [InlineData("Regex", " {2,}")]
    [InlineData("Regex", @"\p{Lu}")]
    [InlineData("Regex", "[ab]+")]
    [InlineData("Regex", "ab*")]
    [InlineData("Regex", "(a|b)+")]
    [InlineData("Regex", "(?=a)")]
    [InlineData("String", "aa")]
    [InlineData("String", ".")]
    [InlineData("String", "a b")]
    public void The_matches_are_those_of_the_plain_engine(string kind, string pattern)
    {
        TextPattern found = Read(kind, pattern);
        Regex plain = new(kind == "String" ? Regex.Escape(pattern) : pattern, RegexOptions.CultureInvariant);
        Random random = new(3);
        int matches = 0;
        for (int i = 0; i < 400; i++)
        {
            string text = string.Concat(random.GetItems<char>("aab  .AÅ\u0301", random.Next(40)));
            (int, int)[] expected = [.. plain.Matches(text).Select(match => (match.Index, match.Index + match.Length))];
            Assert.Equal(expected, found.Find(text));
            matches += expected.Length;
        }

        Assert.NotEqual(0, matches);
    }

    private static TextPattern Read(string kind, string pattern)
        => TextPattern.Read(System.Text.Json.JsonDocument.Parse(new JsonObject { [kind] = pattern }.ToJsonString()).RootElement);
}
