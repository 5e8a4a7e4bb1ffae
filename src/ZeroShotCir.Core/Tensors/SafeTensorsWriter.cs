using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ZeroShotCir.Files;

namespace ZeroShotCir.Tensors;

/// <summary>Writes a safetensors file, tensor after tensor, each row by row, without knowing in advance how many rows come.</summary>
/// <remarks>
/// The header is padded with blanks so that the numbers start at a multiple of 64 bytes. Not for concurrent use. A writer to a path
/// writes <c>path.tmp</c> and renames it in <see cref="Complete"/>: whoever opens the path sees the old file or the whole new one.
/// </remarks>
public sealed class SafeTensorsWriter : IDisposable
{
    private const int Alignment = 64;
    private const int HeaderReserve = 4096;
    private readonly Stream _stream;
    private readonly string? _path;
    private readonly List<TensorInfo> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];
    private long _dataStart;
    private long _written;
    private OpenTensor? _open;
    private bool _ended;

    /// <summary>Begins a file that appears under its path when it is complete.</summary>
    /// <param name="path">The path; an existing file is replaced.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public SafeTensorsWriter(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = path;
        _stream = FileFailure.Promised(path, () => new FileStream(path + ".tmp", FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16));
    }

    /// <summary>Begins a file in a stream.</summary>
    /// <param name="stream">Empty, writable, readable and seekable; stays open, and is the caller's to flush.</param>
    /// <exception cref="ArgumentException">The stream lacks one of these.</exception>
    public SafeTensorsWriter(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanWrite || !stream.CanRead || !stream.CanSeek || stream.Length != 0)
        {
            throw new ArgumentException("The stream must be empty, writable, readable and seekable.", nameof(stream));
        }

        _stream = stream;
    }

    /// <summary>Adds a string to <c>__metadata__</c>, at any time before <see cref="Complete"/>.</summary>
    /// <param name="key">The key; a later value replaces an earlier one.</param>
    /// <param name="value">The value. JSON in a string is the customary way to store more than a string.</param>
    public void SetMetadata(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        ThrowIfEnded();
        _metadata[key] = value;
    }

    /// <summary>Begins a tensor whose rows follow by <see cref="Append"/>; the previous tensor ends.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="name">The name, unique in the file.</param>
    /// <param name="rowShape">The shape of one row: [D] for embeddings, empty for a list of numbers.</param>
    /// <exception cref="ArgumentException">The name was used, or a size is less than 1.</exception>
    public void Begin<T>(string name, params ReadOnlySpan<long> rowShape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        ThrowIfEnded();
        foreach (long size in rowShape)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(rowShape));
        }

        Begin(name, TensorTypes.For<T>(), rowShape.ToArray(), growing: true);
    }

    /// <summary>Appends rows to the tensor that was begun last.</summary>
    /// <typeparam name="T">The element type it was begun with.</typeparam>
    /// <param name="rows">A whole number of rows, row-major.</param>
    /// <exception cref="InvalidOperationException">No tensor was begun, or one of another type.</exception>
    /// <exception cref="ArgumentException">The numbers are not a whole number of rows.</exception>
    public void Append<T>(ReadOnlySpan<T> rows)
        where T : unmanaged
    {
        ThrowIfEnded();
        if (_open is not { Growing: true } open || open.Type != TensorTypes.For<T>())
        {
            throw new InvalidOperationException($"Call Begin<{typeof(T).Name}> before rows of {typeof(T).Name} are appended.");
        }

        if (rows.Length % open.RowLength != 0)
        {
            throw new ArgumentException(
                $"{rows.Length} numbers are not a whole number of rows of {open.RowLength} for the tensor '{open.Name}'.", nameof(rows));
        }

        Write(MemoryMarshal.AsBytes(rows));
    }

    /// <summary>Writes a whole tensor.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="name">The name, unique in the file.</param>
    /// <param name="values">The numbers, row-major.</param>
    /// <param name="shape">The shape; empty for a single number.</param>
    /// <exception cref="ArgumentException">The name was used, or the shape does not fit the numbers.</exception>
    public void Write<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        ThrowIfEnded();
        long count = 1;
        foreach (long size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            count = checked(count * size);
        }

        if (count != values.Length)
        {
            throw new ArgumentException(
                $"The shape [{string.Join(", ", shape.ToArray())}] of the tensor '{name}' needs {count} numbers, {values.Length} were given.", nameof(shape));
        }

        Begin(name, TensorTypes.For<T>(), shape.ToArray(), growing: false);
        Write(MemoryMarshal.AsBytes(values));
        End();
    }

    /// <summary>Ends the file: writes the header and, when writing to a path, flushes to the disk and renames.</summary>
    /// <exception cref="IOException">The disk is full or the file cannot be renamed.</exception>
    public void Complete()
    {
        ThrowIfEnded();
        End();
        StartData();
        byte[] header = new SafeTensorsHeader(_tensors, _metadata).ToJson();
        if (header.Length > SafeTensorsHeader.MaxLength)
        {
            throw new InvalidOperationException(
                $"Names and metadata need {header.Length} bytes; readers accept at most {SafeTensorsHeader.MaxLength}. Store long lists in a file of their own.");
        }

        long needed = AlignUp(sizeof(ulong) + header.Length);
        if (needed > _dataStart)
        {
            MoveData(needed);
        }

        byte[] start = new byte[_dataStart];
        start.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteUInt64LittleEndian(start, (ulong)(_dataStart - sizeof(ulong)));
        header.CopyTo(start.AsSpan(sizeof(ulong)));
        _stream.Position = 0;
        _stream.Write(start);
        _stream.Position = _dataStart + _written;
        _ended = true;
        if (_path is not null)
        {
            ((FileStream)_stream).Flush(flushToDisk: true);
            _stream.Dispose();
            FileFailure.Replace(_path + ".tmp", _path);
        }
    }

    /// <summary>Ends the work; without <see cref="Complete"/>, nothing appears under the path.</summary>
    public void Dispose()
    {
        bool abandoned = !_ended;
        _ended = true;
        if (_path is not null)
        {
            _stream.Dispose();
            if (abandoned)
            {
                File.Delete(_path + ".tmp");
            }
        }
    }

    private static long AlignUp(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private void Begin(string name, TensorType type, long[] shape, bool growing)
    {
        End();
        if (_tensors.Exists(tensor => tensor.Name == name))
        {
            throw new ArgumentException($"The file already has a tensor '{name}'.", nameof(name));
        }

        StartData();
        _open = new OpenTensor(name, type, shape, growing, _written);
    }

    private void End()
    {
        if (_open is { } open)
        {
            long bytes = _written - open.Offset;
            long[] shape = open.Growing ? [bytes / (open.RowLength * TensorTypes.SizeOf(open.Type)), .. open.Shape] : open.Shape;
            _tensors.Add(new TensorInfo(open.Name, open.Type, shape, open.Offset, bytes));
            _open = null;
        }
    }

    // The header comes first but is known last: leave room for it, generously where the metadata is already known.
    private void StartData()
    {
        if (_dataStart == 0)
        {
            long known = _metadata.Count == 0 ? 0 : new SafeTensorsHeader([], _metadata).ToJson().Length;
            _dataStart = AlignUp(known + HeaderReserve);
            _stream.Position = _dataStart;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _written += bytes.Length;
    }

    private void MoveData(long newStart)
    {
        byte[] buffer = new byte[(int)Math.Min(_written, 1 << 20)];
        for (long end = _written; end > 0;)
        {
            int count = (int)Math.Min(end, buffer.Length);
            end -= count;
            _stream.Position = _dataStart + end;
            _stream.ReadExactly(buffer, 0, count);
            _stream.Position = newStart + end;
            _stream.Write(buffer, 0, count);
        }

        _dataStart = newStart;
    }

    private void ThrowIfEnded() => ObjectDisposedException.ThrowIf(_ended, this);

    private sealed record OpenTensor(string Name, TensorType Type, long[] Shape, bool Growing, long Offset)
    {
        public long RowLength { get; } = Shape.Aggregate(1L, (product, size) => product * size);
    }
}
