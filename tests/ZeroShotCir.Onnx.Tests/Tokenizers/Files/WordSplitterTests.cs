using System.Text.Json;
using ZeroShotCir.Onnx.Tokenizers.Files;

namespace ZeroShotCir.Tests.Tokenizers.Files;

/// <summary>How text is cut into words: what Hugging Face's Rust library gives for the same pre-tokenizers.</summary>
public sealed class WordSplitterTests
{
    [Theory]
    [InlineData(true, "ab|1|2| |𝟙|²|Ⅷ|x|½")]
    [InlineData(false, "ab|12| |𝟙²Ⅷ|x|½")]
    public void Digits_are_whatever_unicode_calls_a_number(bool individual, string expected)
    {
        JsonElement json = JsonElement.Parse($$"""{"pre_tokenizer": {"type": "Digits", "individual_digits": {{(individual ? "true" : "false")}} } }""");

        Assert.Equal(expected.Split('|'), WordSplitters.Read(json)("ab12 𝟙²Ⅷx½", startsText: true));
    }

    [Fact]
    public void Digits_are_cut_before_words_are()
    {
        JsonElement json = JsonElement.Parse("""
            {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true}
            """ + """
            , {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}]}}
            """);

        Assert.Equal(["the", " ", "4", "2", " cats"], WordSplitters.Read(json)("the 42 cats", startsText: true));
    }
}
