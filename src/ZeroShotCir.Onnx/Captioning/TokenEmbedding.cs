using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>The graph that turns ids into vectors, [1, ids, width].</summary>
/// <remarks>Serves concurrent callers.</remarks>
internal sealed class TokenEmbedding(OnnxSession session) : IDisposable
{
    public OrtValue Embed(ReadOnlySpan<int> ids, CaptionMemory memory, CancellationToken cancellationToken)
        => memory.Keep(session.Run([session.Inputs[0].Name], [memory.Ids(ids)], [session.Outputs[0].Name], cancellationToken))[0];

    public void Dispose() => session.Dispose();
}
