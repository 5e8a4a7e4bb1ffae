using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Json;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Models;

/// <summary>What the files beside the graphs of a joint model say.</summary>
/// <param name="QueryPrompt">What stands before everything that is searched with.</param>
/// <param name="DocumentPrompt">What stands before everything that is searched for.</param>
/// <param name="Marks">How images are spelled in a text.</param>
/// <param name="ImageId">The id of a soft token's place; <see langword="null"/> where the configuration does not say.</param>
/// <param name="Width">The numbers of a soft token, where the configuration says.</param>
/// <param name="Dimensions">The components of an embedding, where the configuration says.</param>
internal sealed record JointSettings(string QueryPrompt, string DocumentPrompt, JointMarks Marks, int? ImageId, int? Width, int? Dimensions)
{
    private const int Largest = 1 << 20;

    /// <summary>Reads what matters for texts.</summary>
    /// <exception cref="InvalidModelException">A file cannot be read, or a field is not what it should be.</exception>
    public static JointSettings Read(string folder)
    {
        JsonField config = ModelFiles.Open(Path.Combine(folder, ModelConfig.FileName));
        TokenSpelling tokens = new(folder);
        JsonField? prompts = ModelFiles.OpenIfThere(folder, "config_sentence_transformers.json")?["prompts"].OrNull;
        return new JointSettings(
            prompts?["query"].OrNull?.Text() ?? "task: search result | query: ",
            prompts?["document"].OrNull?.Text() ?? "title: none | text: ",
            new JointMarks(
                tokens.Of("boi_token", "<|image>"), tokens.Of("image_token", "<|image|>"), tokens.Of("eoi_token", "<image|>"),
                [tokens.Of("video_token", "<|video|>"), tokens.Of("audio_token", "<|audio|>")]),
            config["image_token_id"].OrNull?.Int32(0, Largest),
            config["text_config"].OrNull?["hidden_size"].OrNull?.Int32(1, Largest),
            config["embedding_dim"].OrNull?.Int32(1, Largest));
    }

    /// <summary>Reads what happens to images.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="budget">The most soft tokens of an image; <see langword="null"/> for what the folder says.</param>
    /// <param name="order">Which pass of a resize runs first.</param>
    /// <exception cref="InvalidModelException">A file cannot be read, or asks for something else than this family does.</exception>
    public static JointPixels ReadPixels(string folder, int? budget, ResizeOrder order)
    {
        JsonField settings = ModelFiles.OpenIfThere(folder, "processor_config.json")?["image_processor"].OrNull
            ?? ModelFiles.OpenIfThere(folder, "preprocessor_config.json")
            ?? throw new InvalidModelException(
                $"The model folder '{folder}' does not say how to preprocess images: "
                + $"looked for processor_config.json with 'image_processor', and preprocessor_config.json. Found: {ModelFiles.List(folder)}.");
        foreach (string step in (string[])["do_resize", "do_rescale", "do_convert_rgb"])
        {
            if (settings[step].OrNull?.Flag() == false)
            {
                throw settings[step].Unexpected("true: images without this step are not supported");
            }
        }

        if (settings["do_normalize"].OrNull?.Flag() == true && !(Are(settings["image_mean"], 0) && Are(settings["image_std"], 1)))
        {
            throw settings["do_normalize"].Unexpected("false: this family takes pixels between 0 and 1");
        }

        JsonField tokens = settings["max_soft_tokens"];
        int own = tokens.OrNull?.Int32() ?? 280;
        if (budget is null && !JointPixels.Budgets.Contains(own))
        {
            throw tokens.Unexpected($"a budget of {string.Join(", ", JointPixels.Budgets)} soft tokens");
        }

        return new JointPixels(
            budget ?? own,
            settings["patch_size"].OrNull?.Int32(1, 256) ?? 16,
            settings["pooling_kernel_size"].OrNull?.Int32(1, 16) ?? 3,
            Filter(settings["resample"]),
            settings["rescale_factor"].OrNull?.Double() ?? 1 / 255.0,
            order);
    }

    /// <summary>The prompt of a role.</summary>
    public string PromptOf(Embeddings.EncodingRole role) => role == Embeddings.EncodingRole.Query ? QueryPrompt : DocumentPrompt;

    private static bool Are(JsonField values, double expected) => values.OrNull?.Items().All(value => value.Double() == expected) ?? true;

    /// <summary>Pillow's numbers.</summary>
    private static ResampleFilter Filter(JsonField resample) => resample.OrNull?.Int32() switch
    {
        null or 3 => ResampleFilter.Bicubic,
        2 => ResampleFilter.Bilinear,
        1 => ResampleFilter.Lanczos,
        _ => throw resample.Unexpected("1 (Lanczos), 2 (bilinear) or 3 (bicubic)"),
    };
}
