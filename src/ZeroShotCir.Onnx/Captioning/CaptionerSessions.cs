using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>The opened graphs of a captioner.</summary>
/// <remarks>Serves concurrent callers. Disposing waits for runs in flight.</remarks>
internal sealed class CaptionerSessions : IDisposable
{
    private readonly List<IDisposable> _opened = [];
    private readonly CaptionEncoder _image;
    private readonly InstructionEncoder? _instruction;

    private CaptionerSessions(CaptionerGraphs graphs, OnnxExecutionOptions execution, CaptionerConfig config, int[] instruction)
    {
        try
        {
            CaptionerLayout layout = graphs.Layout;
            _image = Keep(new CaptionEncoder(Session(layout.Image)));
            TokenEmbedding? embedding = layout.TokenEmbedding is { } tokens ? Keep(new TokenEmbedding(Session(tokens))) : null;
            _instruction = layout.Instruction is { } joint && embedding is not null ? Keep(new InstructionEncoder(Session(joint), embedding, instruction)) : null;
            OnnxSession first = Keep(Session(layout.FirstStep));
            OnnxSession next = layout.NextSteps == layout.FirstStep ? first : Keep(Session(layout.NextSteps));
            Decoder = new CaptionDecoder(first, next, embedding, config);
        }
        catch
        {
            Dispose();
            throw;
        }

        OnnxSession Session(string graph) => OnnxGraphFile.Read(graphs.Files[graph]).Open(execution);
    }

    public CaptionDecoder Decoder { get; }

    public static CaptionerSessions Open(CaptionerGraphs graphs, OnnxExecutionOptions execution, CaptionerConfig config, int[] instruction)
        => new(graphs, execution, config, instruction);

    /// <summary>What the decoder looks at.</summary>
    public OrtValue Encode(float[] pixels, int height, int width, CaptionMemory memory, CancellationToken cancellationToken)
    {
        OrtValue image = _image.Encode(pixels, height, width, memory, cancellationToken);
        return _instruction is null ? image : _instruction.Encode(image, memory, cancellationToken);
    }

    public void Dispose()
    {
        foreach (IDisposable session in _opened)
        {
            session.Dispose();
        }
    }

    private T Keep<T>(T session)
        where T : IDisposable
    {
        _opened.Add(session);
        return session;
    }
}
