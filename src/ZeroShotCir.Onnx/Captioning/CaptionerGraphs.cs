using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>The graph files of a captioner folder.</summary>
/// <param name="Encoder">Turns pixels into hidden states.</param>
/// <param name="FirstStep">Decodes the start token.</param>
/// <param name="NextSteps">Decodes every further token from the caches; the same file where the graph is merged.</param>
internal sealed record CaptionerGraphs(string Encoder, string FirstStep, string NextSteps)
{
    private static readonly string[] Folders = ["onnx", string.Empty];

    public static CaptionerGraphs Find(string folder, ModelPrecision? precision)
    {
        string? encoder = File(folder, "encoder_model", precision);
        string? merged = File(folder, "decoder_model_merged", precision);
        string? first = merged ?? File(folder, "decoder_model", precision);
        string? next = merged ?? File(folder, "decoder_with_past_model", precision);
        if (encoder is null || first is null || next is null)
        {
            string suffix = precision?.Suffix ?? string.Empty;
            throw new InvalidModelException(
                $"The captioner folder '{folder}' is not complete: expected 'encoder_model{suffix}.onnx' and 'decoder_model_merged{suffix}.onnx' "
                + $"(or 'decoder_model{suffix}.onnx' and 'decoder_with_past_model{suffix}.onnx'). Found: {ModelFiles.List(folder)}.");
        }

        return new CaptionerGraphs(encoder, first, next);
    }

    private static string? File(string folder, string graph, ModelPrecision? precision)
        => (precision is null ? ModelPrecision.All : [precision])
            .SelectMany(variant => Folders.Select(subfolder => Path.Combine(folder, subfolder, $"{graph}{variant.Suffix}.onnx")))
            .FirstOrDefault(System.IO.File.Exists);
}
