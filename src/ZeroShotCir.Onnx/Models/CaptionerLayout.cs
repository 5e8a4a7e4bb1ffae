namespace ZeroShotCir.Onnx.Models;

/// <summary>What the graphs of a captioner are called, without suffix and extension.</summary>
/// <param name="Image">Turns pixels into hidden states.</param>
/// <param name="FirstStep">Decodes the first tokens.</param>
/// <param name="NextSteps">Decodes every further token; the same graph where it does both.</param>
internal sealed record CaptionerLayout(string Image, string FirstStep, string NextSteps)
{
    /// <summary>Turns ids into the vectors that the other graphs take instead of them.</summary>
    public string? TokenEmbedding { get; init; }

    /// <summary>Encodes the image together with an instruction.</summary>
    public string? Instruction { get; init; }

    /// <summary>The graphs, each once.</summary>
    public IReadOnlyList<string> Names => [.. new[] { Image, TokenEmbedding, Instruction, FirstStep, NextSteps }.OfType<string>().Distinct()];

    /// <summary>Every decoder that exports have, the fastest first, with each of the images' graphs.</summary>
    public static IReadOnlyList<CaptionerLayout> Combine(IReadOnlyList<string> images, IReadOnlyList<(string FirstStep, string NextSteps)> decoders)
        => [.. decoders.SelectMany(decoder => images.Select(image => new CaptionerLayout(image, decoder.FirstStep, decoder.NextSteps)))];
}
