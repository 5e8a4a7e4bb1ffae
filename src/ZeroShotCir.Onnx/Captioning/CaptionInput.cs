using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Identity;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>How a captioner gets to see a picture and a prompt: what is known of it before graphs are loaded.</summary>
internal abstract class CaptionInput
{
    /// <summary>The tokens before the first one that is written; of a prompt that grows with the picture, the fewest.</summary>
    public abstract int[] Start { get; }

    /// <summary>The tokens that an encoder reads beside the picture.</summary>
    public virtual int[] Instruction => [];

    /// <summary>How many of the tokens before the first one that is written are no part of the caption.</summary>
    public virtual int Hidden(int[] start) => 1;

    /// <summary>Adds all that can change what pixels become.</summary>
    public abstract void AddPixelsTo(IdentityHash hash);

    /// <summary>Loads the graphs before the decoder.</summary>
    public abstract ICaptionReader Load(CaptionerLayout layout, Func<string, OnnxSession> open, TokenEmbedding? embedding);
}
