using ZeroShotCir.Galleries.Indexing;

namespace ZeroShotCir.Tests.Galleries.Indexing;

public sealed class IdPatternTests
{
    [Theory]
    [InlineData("dresses/*", "dresses/a/b.jpg", true)]
    [InlineData("dresses/*", "dresses", false)]
    [InlineData("*", "", true)]
    [InlineData("*.jpg", "a.jpg.png", false)]
    [InlineData("*a*b*c", "xxaxxbxxbxc", true)]
    [InlineData("*a*b*c", "xxaxxcxxb", false)]
    [InlineData("?.jpg", "a.jpg", true)]
    [InlineData("?.jpg", "ab.jpg", false)]
    [InlineData("?.jpg", "\U0001F600.jpg", true)]
    [InlineData("?.jpg", "\U0001F468\u200D\U0001F469\u200D\U0001F467.jpg", true)]
    [InlineData("?.jpg", "u\u0308.jpg", true)]
    [InlineData("M\u00FCller/*", "Mu\u0308ller/b.png", true)]
    [InlineData("Mu\u0308ller/*", "M\u00FCller/b.png", true)]
    [InlineData("a\\*", "a/b", false)]
    [InlineData("A.jpg", "a.jpg", false)]
    public void A_pattern_matches_what_a_reader_would_say(string pattern, string id, bool matches)
        => Assert.Equal(matches, new IdPattern(pattern).Matches(id));

    [Theory]
    [InlineData("dresses\\*", "'dresses/*' matches")]
    [InlineData("dresses", "give 'dresses/*'")]
    [InlineData("dresses/", "give 'dresses/*'")]
    [InlineData("Dresses/*", "but for its case")]
    [InlineData("DRESSES", "but for its case")]
    [InlineData("red.jpg", "'*/red.jpg' matches")]
    [InlineData("nothing of the kind", null)]
    public void A_slip_is_explained(string pattern, string? expected)
    {
        string? explanation = new IdPattern(pattern).Explain(["a.jpg", "dresses/red.jpg"]);
        if (expected is null)
        {
            Assert.Null(explanation);
        }
        else
        {
            Assert.Contains(expected, explanation, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Patterns_agree_with_a_plain_definition_on_random_texts()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            string pattern = Text(random, "ab*?", 1, 7), text = Text(random, "ab", 0, 9);
            Assert.Equal(Matches(pattern, text), new IdPattern(pattern).Matches(text));
        }
    }

    private static bool Matches(string pattern, string text) => pattern.Length == 0
        ? text.Length == 0
        : pattern[0] == '*'
            ? Enumerable.Range(0, text.Length + 1).Any(skip => Matches(pattern[1..], text[skip..]))
            : text.Length > 0 && (pattern[0] == '?' || pattern[0] == text[0]) && Matches(pattern[1..], text[1..]);

    private static string Text(Random random, string letters, int least, int most)
        => new([.. Enumerable.Range(0, random.Next(least, most)).Select(_ => letters[random.Next(letters.Length)])]);
}
