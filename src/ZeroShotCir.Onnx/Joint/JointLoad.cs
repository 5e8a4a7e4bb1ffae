using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Joint;

/// <summary>Counts what the graphs of an encoder are given. Thread-safe.</summary>
internal sealed class JointLoad
{
    private long _ids;
    private long _patches;
    private long _padded;

    public EncodingLoad Current => new(Interlocked.Read(ref _ids), Interlocked.Read(ref _patches), Interlocked.Read(ref _padded));

    public void AddIds(long ids) => Interlocked.Add(ref _ids, ids);

    public void AddImage(long patches, long padded)
    {
        Interlocked.Add(ref _patches, patches);
        Interlocked.Add(ref _padded, padded);
    }
}
