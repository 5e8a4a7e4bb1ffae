using ZeroShotCir.Onnx.Hub;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests.Hub;

public sealed class HubFileSelectionTests
{
    [Fact]
    public void A_model_that_reads_both_is_fetched_with_its_prompts_and_without_its_ears()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("config.json"), """{"model_type": "embedding_gemma2"}""");
        string[] wanted = ["config.json", "config_sentence_transformers.json", "onnx/model_q4.onnx", "onnx/vision_encoder_q4.onnx", "processor_config.json", "tokenizer.json"];
        string[] others = ["README.md", "chat_template.jinja", "onnx/audio_encoder_q4.onnx", "onnx/model.onnx", "onnx/vision_encoder.onnx"];

        IReadOnlyList<string> selected = HubFileSelection.Select(new ModelRequest("owner/model") { Precision = ModelPrecision.Q4 }, folder.Path, [.. wanted, .. others]);

        Assert.Equal(wanted, selected.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_captioner_that_reads_a_prompt_is_fetched_with_its_template()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("config.json"), """{"model_type": "smolvlm"}""");
        string[] wanted =
        [
            "chat_template.json", "config.json", "onnx/decoder_model_merged_q4.onnx", "onnx/embed_tokens_q4.onnx", "onnx/vision_encoder_q4.onnx", "preprocessor_config.json",
            "processor_config.json", "tokenizer.json",
        ];
        string[] others = ["README.md", "onnx/decoder_model_merged.onnx", "onnx/embed_tokens.onnx", "onnx/vision_encoder.onnx", "video_preprocessor_config.json"];

        IReadOnlyList<string> selected = HubFileSelection.Select(new ModelRequest("owner/model") { Precision = ModelPrecision.Q4 }, folder.Path, [.. wanted, .. others]);

        Assert.Equal(wanted, selected.Order(StringComparer.Ordinal));
    }
}
