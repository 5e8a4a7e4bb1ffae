using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Identity;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Onnx.Tokenizers;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>A picture of one size that an encoder turns into hidden states, alone or with an instruction.</summary>
internal sealed class EncodedInput(ImagePreprocessor preprocessor, int[] start, int[] instruction) : CaptionInput
{
    /// <summary>What a folder says, with the caller's prompt.</summary>
    /// <exception cref="InvalidModelException">A file cannot be used, or the family takes no prompt.</exception>
    /// <exception cref="ArgumentException">The prompt is too long, or a task that writes no captions.</exception>
    public static EncodedInput Create(string folder, ModelFamily family, CaptionerLayout layout, CaptionerConfig config, ITokenizer tokenizer, OnnxCaptionerOptions options)
    {
        if (options.Tiles is not null)
        {
            throw new InvalidModelException(
                $"The captioner folder '{folder}' is of the family {family.Name}, which reads whole pictures. "
                + $"Leave {nameof(OnnxCaptionerOptions)}.{nameof(OnnxCaptionerOptions.Tiles)} (--tiles of the tool) out.");
        }

        ImagePreprocessor preprocessor = new(ModelParts.FindPreprocessing(folder, isOpenClip: false) with { ResizeOrder = options.ResizeOrder });
        int begin = config.StartId!.Value;
        if (layout.Instruction is not null)
        {
            return new EncodedInput(preprocessor, [begin], Encode(tokenizer, FlorenceTasks.QuestionOf(options.Prompt ?? FlorenceTasks.Caption)));
        }

        // The words alone: without [CLS], whose place the start token takes, and [SEP].
        return options.Prompt is not { } prompt ? new EncodedInput(preprocessor, [begin], [])
            : family.BeginsWithPrompt ? new EncodedInput(preprocessor, [begin, .. Encode(tokenizer, prompt)[1..^1]], [])
            : throw new InvalidModelException(
                $"The captioner folder '{folder}' is of the family {family.Name}, which takes no prompt. "
                + $"Leave {nameof(OnnxCaptionerOptions)}.{nameof(OnnxCaptionerOptions.Prompt)} out.");
    }

    public override int[] Start => start;

    public override int[] Instruction => instruction;

    public override void AddPixelsTo(IdentityHash hash) => ModelIdentity.AddPreprocessing(hash, preprocessor.Settings);

    public override ICaptionReader Load(CaptionerLayout layout, Func<string, OnnxSession> open, TokenEmbedding? embedding)
    {
        CaptionEncoder encoder = Checked(open(layout.Image), session => new CaptionEncoder(session));
        try
        {
            InstructionEncoder? joint = layout.Instruction is { } name && embedding is not null ? new InstructionEncoder(open(name), embedding, instruction) : null;
            return new Reader(preprocessor, start, encoder, joint);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Closes a graph that turns out not to be what is expected.</summary>
    public static T Checked<T>(OnnxSession session, Func<OnnxSession, T> use)
    {
        try
        {
            return use(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static int[] Encode(ITokenizer tokenizer, string prompt)
    {
        int[] ids = new int[tokenizer.MaxLength];
        int count = tokenizer.Encode(prompt, ids, out bool truncated);
        return truncated
            ? throw new ArgumentException($"The prompt has more than the {tokenizer.MaxLength} tokens that the captioner reads. Take a shorter prompt.", nameof(prompt))
            : ids[..count];
    }

    private sealed class Reader(ImagePreprocessor preprocessor, int[] start, CaptionEncoder encoder, InstructionEncoder? instruction) : ICaptionReader
    {
        public CaptionStart Read(RgbImage picture, CaptionMemory memory, CancellationToken cancellationToken)
        {
            float[] values = new float[3 * preprocessor.Height * preprocessor.Width];
            preprocessor.Preprocess(picture, values);
            OrtValue image = encoder.Encode(values, preprocessor.Height, preprocessor.Width, memory, cancellationToken);
            return new CaptionStart(start, instruction is null ? image : instruction.Encode(image, memory, cancellationToken));
        }

        public void Dispose()
        {
            encoder.Dispose();
            instruction?.Dispose();
        }
    }
}
