using System.Buffers.Binary;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tensors;

/// <summary>A safetensors file, mapped into memory: opening reads its header, numbers are paged in when they are touched.</summary>
/// <remarks>
/// <para>
/// Immutable; serves concurrent callers. There is nothing to dispose: the file is closed once mapped, and the mapping lives as long as
/// something that was read from it is referenced. Keep the matrix or memory referenced while its spans are used. The file must not be
/// overwritten in place meanwhile; replacing it by renaming, as <see cref="SafeTensorsWriter"/> does, is safe.
/// </para>
/// <para>The format is that of Hugging Face's safetensors: numbers are little-endian, and so must be the machine.</para>
/// </remarks>
public sealed class SafeTensorsFile
{
    /// <summary>What <see cref="Open"/> reads of a file at once, in bytes: whole pages that hold the headers that <see cref="SafeTensorsWriter"/> makes room for.</summary>
    internal const int UsualHeader = 8192;

    private const int LengthBytes = sizeof(ulong);
    private readonly MappedFile _file;
    private readonly Dictionary<string, TensorInfo> _tensors;
    private readonly long _dataStart;

    private SafeTensorsFile(string path, MappedFile file, SafeTensorsHeader header, long dataStart)
    {
        Path = path;
        _file = file;
        _dataStart = dataStart;
        Tensors = header.Tensors;
        Metadata = header.Metadata;
        _tensors = header.Tensors.ToDictionary(tensor => tensor.Name);
    }

    /// <summary>The path that was opened.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The strings under <c>__metadata__</c>; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Maps a file and checks its header against its size.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The opened file.</returns>
    /// <exception cref="InvalidTensorFileException">The file is missing, unreadable, truncated or malformed; the message names it and says how.</exception>
    public static SafeTensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            Span<byte> start = stackalloc byte[UsualHeader];
            MappedFile file = MappedFile.Open(path, start, out int read);
            if (read < LengthBytes)
            {
                throw new FormatException($"it has {file.Length} bytes, too few for a header.");
            }

            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(start);
            if (headerLength > SafeTensorsHeader.MaxLength || (long)headerLength > file.Length - LengthBytes)
            {
                throw new FormatException(
                    $"its first 8 bytes claim a header of {headerLength} bytes, "
                    + $"but {file.Length - LengthBytes} follow and {SafeTensorsHeader.MaxLength} are the most allowed. "
                    + "It is truncated or not a safetensors file.");
            }

            long dataStart = LengthBytes + (long)headerLength;
            ReadOnlyMemory<byte> mapped = dataStart > read ? file.Slice<byte>(LengthBytes, (int)headerLength) : default;
            SafeTensorsHeader header = SafeTensorsHeader.Parse(dataStart > read ? mapped.Span : start[LengthBytes..(int)dataStart], file.Length - dataStart);
            GC.KeepAlive(mapped);
            return new SafeTensorsFile(path, file, header, dataStart);
        }
        catch (FormatException e)
        {
            throw new InvalidTensorFileException($"The tensor file '{path}' is malformed: {e.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidTensorFileException($"The tensor file '{path}' does not exist. Check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidTensorFileException($"The tensor file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Looks at the numbers of a tensor, row-major, without copying them where their address allows it.</summary>
    /// <typeparam name="T">The type that corresponds to the tensor's: <see cref="float"/> for F32, <see cref="Half"/> for F16, <see cref="sbyte"/> for I8…</typeparam>
    /// <param name="name">The name of the tensor.</param>
    /// <returns>All numbers of the tensor.</returns>
    /// <exception cref="InvalidTensorFileException">There is no such tensor, it has another type, or more than 2³¹-1 elements.</exception>
    public ReadOnlyMemory<T> Read<T>(string name)
        where T : unmanaged
    {
        TensorInfo tensor = Find(name, TensorTypes.For<T>());
        int size = TensorTypes.SizeOf(tensor.Type);
        long count = tensor.ByteLength / size;
        if (count > int.MaxValue)
        {
            throw new InvalidTensorFileException(
                $"The tensor '{name}' of '{Path}' has {count} elements; at most {int.MaxValue} can be read as one piece. Split the file.");
        }

        long offset = _dataStart + tensor.Offset;
        ReadOnlyMemory<T> mapped = _file.Slice<T>(offset, (int)count);
        if (offset % size == 0)
        {
            return mapped;
        }

        T[] copy = mapped.ToArray(); // Vector instructions may want aligned elements, and other writers do not align.
        return copy;
    }

    /// <summary>Looks at a two-dimensional float32 tensor as embeddings, one row each.</summary>
    /// <param name="name">The name of the tensor.</param>
    /// <returns>The embeddings; they are not checked to be finite.</returns>
    /// <exception cref="InvalidTensorFileException">There is no such tensor, or it is not a float32 tensor of shape [rows, dimensions].</exception>
    public EmbeddingMatrix ReadMatrix(string name)
    {
        TensorInfo tensor = Find(name, TensorType.F32);
        if (tensor.Shape is not [_, > 0 and <= int.MaxValue])
        {
            throw new InvalidTensorFileException(
                $"The tensor '{name}' of '{Path}' has the shape [{string.Join(", ", tensor.Shape)}]; expected [rows, dimensions].");
        }

        return EmbeddingMatrix.Wrap(Read<float>(name), (int)tensor.Shape[1]);
    }

    private TensorInfo Find(string name, TensorType type)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_tensors.TryGetValue(name, out TensorInfo? tensor))
        {
            throw new InvalidTensorFileException(
                $"The tensor file '{Path}' has no tensor '{name}'. Found: {(Tensors.Count == 0 ? "none" : string.Join(", ", Tensors.Take(20).Select(found => found.Name)))}.");
        }

        return tensor.Type == type
            ? tensor
            : throw new InvalidTensorFileException(
                $"The tensor '{name}' of '{Path}' has dtype {TensorTypes.NameOf(tensor.Type)}; expected {TensorTypes.NameOf(type)}.");
    }
}
