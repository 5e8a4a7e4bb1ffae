using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Identity;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Onnx.Tokenizers.Files;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>
/// Names a captioner by all that can change a caption and by nothing else, so that captions of one are never taken for another's:
/// every graph with its external weights, tokenizer, preprocessing, decoder, orientation, tokens and the way of searching. What a call asks for
/// (how many captions, their length, the seed) is kept beside it by whoever stores captions.
/// </summary>
internal static class CaptionerIdentity
{
    private const int Digits = 16;

    /// <exception cref="InvalidModelException">A file cannot be read.</exception>
    public static string Compute(
        string folder, ModelFamily family, CaptionerGraphs graphs, CaptionPlan plan, CaptionInput input, string decoder, ImageOrientation orientation)
    {
        using IdentityHash hash = new();
        foreach (string role in graphs.Layout.Names)
        {
            ModelIdentity.AddFiles(hash, role, OnnxGraphFile.Read(graphs.Files[role]));
        }

        input.AddPixelsTo(hash);
        hash.Add("orientation", orientation.ToString());
        hash.Add("decoder", decoder);
        TokenizerFiles.AddTo(hash, folder, TokenizerSettings.Read(folder, TokenizerUse.Default));
        AddIds(hash, "instruction", input.Instruction);
        AddIds(hash, "start", plan.Start);
        AddIds(hash, "end", plan.EndIds);
        hash.Add("positions", plan.Positions);
        hash.Add("length", plan.MaxLength);
        hash.Add("forced first", plan.Rules.ForcedFirst);
        hash.Add("forced last", plan.Rules.ForcedLast);
        hash.Add("unique length", plan.Rules.UniqueLength);
        hash.Add("decoding", plan.Decoding.ToString());
        if (plan.Decoding == CaptionDecoding.Beam)
        {
            hash.Add("beams", plan.Beams);
            hash.Add("stop", plan.Stop.ToString());
            hash.Add("length penalty", plan.LengthPenalty);
        }
        else
        {
            // Further captions of a greedy captioner are sampled.
            hash.Add("temperature", plan.Temperature);
            hash.Add("probability", plan.TopP);
        }

        return $"{family.Name}-{plan.Decoding.ToString().ToLowerInvariant()}-{hash.Finish(Digits)}";
    }

    private static void AddIds(IdentityHash hash, string name, IReadOnlyList<int> ids)
    {
        hash.Add(name, ids.Count);
        foreach (int id in ids)
        {
            hash.Add(name, id);
        }
    }
}
