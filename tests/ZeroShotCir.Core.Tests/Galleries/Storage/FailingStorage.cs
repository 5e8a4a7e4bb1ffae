using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Tests.Galleries.Storage;

/// <summary>
/// Lets the n-th change on the disk fail. In a crash everything after it fails too, and what was not flushed is lost the way a power cut
/// loses it: unflushed files are cut, unflushed names vanish or come back. On a full disk, writing fails and everything else works.
/// </summary>
internal sealed class FailingStorage(int failAt, bool diskFull, int seed) : GalleryStorage
{
    private readonly Random _random = new(seed);
    private readonly HashSet<string> _unflushedContent = [];
    private readonly HashSet<string> _unflushedNames = [];
    private readonly Dictionary<string, byte[]?> _replaced = [];
    private int _operations;

    public bool Failed { get; private set; }

    public override Stream Create(string path)
    {
        Step(writes: true);
        _unflushedContent.Add(path);
        _unflushedNames.Add(path);
        return new FailingStream(this, path);
    }

    public override void Flush(Stream stream)
    {
        Step(writes: true);
        stream.Flush();
        _unflushedContent.Remove(((FileStream)stream).Name);
    }

    public override void FlushFolder(string folder)
    {
        Step(writes: false);
        _unflushedNames.Clear();
        _replaced.Clear();
    }

    public override void Replace(string source, string destination)
    {
        Step(writes: false);
        _replaced[destination] = File.Exists(destination) ? File.ReadAllBytes(destination) : null;
        base.Replace(source, destination);
        _unflushedNames.Remove(source);
        if (_unflushedContent.Remove(source))
        {
            _unflushedContent.Add(destination);
        }
    }

    public override void Delete(string path)
    {
        Step(writes: false);
        base.Delete(path);
    }

    /// <summary>Loses what a power cut may lose; call after everything is closed.</summary>
    public void CutPower()
    {
        foreach ((string path, byte[]? before) in _replaced.Where(_ => _random.Next(2) == 0))
        {
            if (before is null)
            {
                File.Delete(path);
            }
            else
            {
                File.WriteAllBytes(path, before);
                _unflushedContent.Remove(path);
            }
        }

        foreach (string path in _unflushedNames.Where(path => File.Exists(path) && _random.Next(2) == 0))
        {
            File.Delete(path);
        }

        foreach (string path in _unflushedContent.Where(File.Exists))
        {
            using FileStream file = new(path, FileMode.Open);
            file.SetLength(_random.NextInt64(file.Length + 1));
        }
    }

    private void Step(bool writes)
    {
        if (Failed && !diskFull)
        {
            throw new IOException("The process is dead.");
        }

        if (_operations++ >= failAt && (writes || !diskFull))
        {
            Failed = true;
            throw new IOException(diskFull ? "No space left on device" : "Crash");
        }
    }

    private sealed class FailingStream(FailingStorage storage, string path)
        : FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)
    {
        public override void Write(byte[] array, int offset, int count)
        {
            storage.Step(writes: true);
            base.Write(array, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            storage.Step(writes: true);
            base.Write(buffer);
        }
    }
}
