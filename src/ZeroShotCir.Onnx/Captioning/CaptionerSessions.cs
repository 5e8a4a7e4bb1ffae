using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>The opened graphs of a captioner.</summary>
/// <remarks>Serves concurrent callers. Disposing waits for runs in flight.</remarks>
internal sealed class CaptionerSessions : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    private CaptionerSessions(CaptionerGraphs graphs, OnnxExecutionOptions execution, CaptionerConfig config, CaptionInput input)
    {
        try
        {
            CaptionerLayout layout = graphs.Layout;
            TokenEmbedding? embedding = layout.TokenEmbedding is { } tokens ? Keep(new TokenEmbedding(Session(tokens))) : null;
            Reader = Keep(input.Load(layout, Session, embedding));
            OnnxSession first = Keep(Session(layout.FirstStep));
            OnnxSession next = layout.NextSteps == layout.FirstStep ? first : Keep(Session(layout.NextSteps));
            Decoder = new CaptionDecoder(first, next, embedding, config, input is PromptedInput);
        }
        catch
        {
            Dispose();
            throw;
        }

        OnnxSession Session(string graph) => OnnxGraphFile.Read(graphs.Files[graph]).Open(execution);
    }

    /// <summary>The graphs before the decoder.</summary>
    public ICaptionReader Reader { get; }

    public CaptionDecoder Decoder { get; }

    public static CaptionerSessions Open(CaptionerGraphs graphs, OnnxExecutionOptions execution, CaptionerConfig config, CaptionInput input)
        => new(graphs, execution, config, input);

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
