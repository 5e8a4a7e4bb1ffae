using ZeroShotCir.Imaging;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>The graphs before a decoder: they turn a picture into what it begins with.</summary>
/// <remarks>Serves concurrent callers. Disposing waits for runs in flight.</remarks>
internal interface ICaptionReader : IDisposable
{
    /// <summary>Reads a picture.</summary>
    CaptionStart Read(RgbImage picture, CaptionMemory memory, CancellationToken cancellationToken);
}
