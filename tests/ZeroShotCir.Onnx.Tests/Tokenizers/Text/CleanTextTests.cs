using System.Text;
using System.Text.Json;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Tests.Tokenizers.Text;

/// <summary><c>Reference/cleaning.py</c> writes what Python gives and says how.</summary>
public sealed class CleanTextTests
{
    private static readonly Lazy<JsonDocument> Reference = new(() => JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(RepositoryPaths.Root, "tests", "ZeroShotCir.Onnx.Tests", "Tokenizers", "Reference", "cleaning.json"))));

    [Theory]
    [InlineData("whitespace", (int)TextCleaning.Whitespace)]
    [InlineData("lower", (int)TextCleaning.Lower)]
    [InlineData("canonicalize", (int)TextCleaning.Canonicalize)]
    public void Cleaned_text_is_that_of_the_reference(string field, int cleaning)
    {
        List<string> mismatches = [];
        foreach (JsonElement item in Reference.Value.RootElement.EnumerateArray())
        {
            (string text, string expected) = (item.GetProperty("text").GetString()!, item.GetProperty(field).GetString()!);
            string actual = CleanText.Clean(text, (TextCleaning)cleaning);
            if (actual != expected)
            {
                mismatches.Add($"{JsonSerializer.Serialize(text)}: expected {JsonSerializer.Serialize(expected)}, got {JsonSerializer.Serialize(actual)}");
            }
        }

        Assert.True(mismatches.Count == 0, string.Join(Environment.NewLine, mismatches.Take(10)));
        Assert.InRange(Reference.Value.RootElement.GetArrayLength(), 400, 1000);
    }

    [Theory]
    [InlineData("sÃ©jour", "sÃ©jour")]
    [InlineData("&eacute", "&eacute")]
    public void Text_is_repaired_as_documented(string text, string expected) => Assert.Equal(expected, RepairedText.Repair(text));

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character() =>
        Assert.Equal("\uD83D\uDE00 \uFFFD \uFFFD\uFFFD", RepairedText.Repair("\uD83D\uDE00 \uD83D \uDE00\uD83D"));

    [Fact]
    public void Sound_text_is_what_repairing_leaves_alone()
    {
        for (int code = 0; code < 0x10000; code++)
        {
            if (RepairedText.IsSound([(char)code]))
            {
                string text = $"a{(char)code}b {(char)code}";
                Assert.Equal(text, RepairedText.Repair("\uFB01" + text)[2..]);
            }
        }
    }

    [Fact]
    public void References_escaped_again_and_again_come_to_an_end()
    {
        StringBuilder text = new("&");
        text.Insert(1, "amp;", 20_000).Append("lt;");

        Assert.InRange(RepairedText.Repair(text.ToString()).Length, 1, text.Length);
    }
}
