using System.Text.Json;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;

namespace ZeroShotCir.Tests.Tokenizers;

/// <summary>The golden folder's ids agree with Hugging Face's JavaScript tokenizers (tokenizer.json) and with SentencePiece itself (spiece.model).</summary>
public sealed class SiglipTokenizerTests : IDisposable
{
    private static readonly string[] Settings = ["config.json", "tokenizer_config.json", "special_tokens_map.json"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("spiece.model")]
    public void Either_file_gives_the_reference_ids_on_every_golden_text(string file)
    {
        foreach (string name in (string[])[file, .. Settings])
        {
            File.Copy(RepositoryPaths.Golden("models", "siglip-split", name), _folder.File(name));
        }

        ITokenizer tokenizer = TokenizerFolder.Load(_folder.Path);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(RepositoryPaths.Golden("models", "siglip-split", "expected.json")));
        int[] ids = new int[tokenizer.MaxLength];
        int compared = 0;
        foreach (JsonElement text in expected.RootElement.GetProperty("texts").EnumerateArray())
        {
            int count = tokenizer.Encode(text.GetProperty("text").GetString()!, ids, out _);
            Assert.Equal(text.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), ids[..count]);
            compared++;
        }

        Assert.NotEqual(0, compared);
        Assert.Equal((expected.RootElement.GetProperty("context_length").GetInt32(), 1), (tokenizer.MaxLength, tokenizer.PadId));
        using JsonDocument pieces = JsonDocument.Parse(File.ReadAllBytes(RepositoryPaths.Golden("models", "siglip-split", "tokenizer.json")));
        Assert.Equal(pieces.RootElement.GetProperty("model").GetProperty("vocab").GetArrayLength(), tokenizer.VocabularySize);
        JsonElement plain = expected.RootElement.GetProperty("texts").EnumerateArray().First(text => text.GetProperty("text").GetString()!.Length > 0);
        Assert.Equal(plain.GetProperty("text").GetString(), tokenizer.Decode([.. plain.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())]));
    }
}
