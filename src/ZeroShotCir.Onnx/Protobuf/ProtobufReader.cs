using System.Buffers.Binary;
using System.Text;

namespace ZeroShotCir.Onnx.Protobuf;

/// <summary>Walks a Protocol Buffers file field by field and skips, without reading, what nobody asks for.</summary>
/// <exception cref="EndOfStreamException">The file ends inside a field.</exception>
/// <exception cref="InvalidDataException">The bytes are not Protocol Buffers.</exception>
internal ref struct ProtobufReader
{
    private const int MostBytes = 1 << 20;
    private readonly Stream _stream;
    private long _position;
    private int _wireType;

    /// <summary>Reads a whole stream.</summary>
    public ProtobufReader(Stream stream)
        : this(stream, 0, stream.Length)
    {
    }

    private ProtobufReader(Stream stream, long position, long end)
    {
        _stream = stream;
        _position = position;
        End = end;
    }

    /// <summary>Where this message ends in the stream.</summary>
    public long End { get; }

    /// <summary>The number of the field that <see cref="Next"/> stopped at.</summary>
    public int Field { get; private set; }

    /// <summary>Moves to the next field. The one before must have been read or skipped.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        if (_position == End)
        {
            return false;
        }

        long tag = Varint();
        Field = (int)(tag >> 3);
        _wireType = (int)(tag & 7);
        if (Field < 1 || tag > uint.MaxValue)
        {
            throw new InvalidDataException($"Not a field at byte {_position}.");
        }

        return true;
    }

    /// <summary>Passes over the field.</summary>
    public void Skip()
    {
        switch (_wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Advance(8);
                break;
            case 2:
                Advance(Varint());
                break;
            case 5:
                Advance(4);
                break;
            default:
                throw new InvalidDataException($"Field {Field} before byte {_position} has the unknown wire type {_wireType}.");
        }
    }

    /// <summary>Reads an integer.</summary>
    public long Integer()
    {
        Expect(0);
        return Varint();
    }

    /// <summary>Reads a float32.</summary>
    public float Single()
    {
        Expect(5);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        Read(bytes);
        return BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }

    /// <summary>Reads a text.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Reads bytes.</summary>
    public byte[] Bytes()
    {
        Expect(2);
        long length = Varint();
        if (length > MostBytes)
        {
            throw new InvalidDataException($"Field {Field} before byte {_position} has {length} bytes.");
        }

        ThrowIfBeyondEnd(length);
        byte[] bytes = new byte[length];
        Read(bytes);
        return bytes;
    }

    /// <summary>Opens a nested message and passes over it; read it before this reader moves on.</summary>
    public ProtobufReader Message()
    {
        Expect(2);
        long length = Varint();
        ProtobufReader message = new(_stream, _position, _position + length);
        Advance(length);
        return message;
    }

    /// <summary>Reads a repeated integer, packed or not.</summary>
    public void Integers(List<long> values, int most)
    {
        if (_wireType == 0)
        {
            Add(values, Varint(), most);
            return;
        }

        ProtobufReader packed = Message();
        while (packed._position < packed.End)
        {
            Add(values, packed.Varint(), most);
        }
    }

    private readonly void Add(List<long> values, long value, int most)
    {
        if (values.Count == most)
        {
            throw new InvalidDataException($"Field {Field} before byte {_position} has more than {most} numbers.");
        }

        values.Add(value);
    }

    private void Expect(int wireType)
    {
        if (_wireType != wireType)
        {
            throw new InvalidDataException($"Field {Field} before byte {_position} has the wire type {_wireType}, expected {wireType}.");
        }
    }

    private long Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            ThrowIfBeyondEnd(1);
            _stream.Position = _position++;
            int next = _stream.ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
            {
                return (long)value;
            }
        }

        throw new InvalidDataException($"An integer before byte {_position} does not end.");
    }

    private void Read(scoped Span<byte> bytes)
    {
        ThrowIfBeyondEnd(bytes.Length);
        _stream.Position = _position;
        _stream.ReadExactly(bytes);
        _position += bytes.Length;
    }

    private void Advance(long length)
    {
        ThrowIfBeyondEnd(length);
        _position += length;
    }

    private readonly void ThrowIfBeyondEnd(long length)
    {
        if (length < 0 || length > End - _position)
        {
            throw new EndOfStreamException($"{length} bytes are announced at byte {_position}, {End - _position} are left.");
        }
    }
}
