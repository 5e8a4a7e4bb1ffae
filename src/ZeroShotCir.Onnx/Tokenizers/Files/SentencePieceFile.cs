using ZeroShotCir.Onnx.Protobuf;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>What SentencePiece means by a piece.</summary>
internal enum SentencePieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>A piece; its id is its position.</summary>
internal readonly record struct SentencePiece(string Text, float Score, SentencePieceKind Kind);

/// <summary>The content of a SentencePiece <c>.model</c> file, as far as encoding needs it (sentencepiece_model.proto).</summary>
internal sealed class SentencePieceFile
{
    private const int Unigram = 1;
    private const int BytePairs = 2;

    private readonly List<SentencePiece> _pieces = [];
    private int _algorithm = Unigram;

    private SentencePieceFile()
    {
    }

    public IReadOnlyList<SentencePiece> Pieces => _pieces;

    /// <summary>Whether pieces are merged pair by pair, the best score first, instead of chosen by the sum of scores.</summary>
    public bool MergesPairs => _algorithm == BytePairs;

    public bool FallsBackToBytes { get; private set; }

    public int UnknownId { get; private set; }

    public int StartId { get; private set; } = 1;

    public int EndId { get; private set; } = 2;

    public int PadId { get; private set; } = -1;

    public SentencePieceText Text { get; private set; } = new(null, true, true, true);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or its algorithm is neither Unigram nor BPE.</exception>
    public static SentencePieceFile Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes, writable: false);
        ProtobufReader reader = new(stream);
        SentencePieceFile file = new();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    file._pieces.Add(ReadPiece(reader.Message()));
                    break;
                case 2:
                    file.ReadTraining(reader.Message());
                    break;
                case 3:
                    file.Text = ReadText(reader.Message());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        bool hasWords = file._pieces.Exists(piece => piece.Kind == SentencePieceKind.Normal);
        if (!hasWords || file.UnknownId < 0 || file.UnknownId >= file._pieces.Count || file._algorithm is not (Unigram or BytePairs))
        {
            throw new InvalidDataException(
                $"it has {file._pieces.Count} pieces, the unknown id {file.UnknownId} and the algorithm {file._algorithm}; "
                + "expected a SentencePiece model of Unigram (1) or BPE (2)");
        }

        int largest = Math.Max(file.StartId, Math.Max(file.EndId, file.PadId));
        return largest < file._pieces.Count
            ? file
            : throw new InvalidDataException($"it gives a special token the id {largest}, but has {file._pieces.Count} pieces");
    }

    private static SentencePiece ReadPiece(ProtobufReader reader)
    {
        SentencePiece piece = new(string.Empty, 0, SentencePieceKind.Normal);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    piece = piece with { Text = reader.Text() };
                    break;
                case 2:
                    piece = piece with { Score = reader.Single() };
                    break;
                case 3:
                    piece = piece with { Kind = (SentencePieceKind)reader.Integer() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return piece;
    }

    private void ReadTraining(ProtobufReader reader)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    _algorithm = (int)reader.Integer();
                    break;
                case 35:
                    FallsBackToBytes = reader.Integer() != 0;
                    break;
                case 40:
                    UnknownId = (int)reader.Integer();
                    break;
                case 41:
                    StartId = (int)reader.Integer();
                    break;
                case 42:
                    EndId = (int)reader.Integer();
                    break;
                case 43:
                    PadId = (int)reader.Integer();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static SentencePieceText ReadText(ProtobufReader reader)
    {
        SentencePieceText text = new(null, true, true, true);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    byte[] map = reader.Bytes();
                    text = text with { Map = map.Length == 0 ? null : new PrecompiledMap(map) };
                    break;
                case 3:
                    text = text with { AddsBlank = reader.Integer() != 0 };
                    break;
                case 4:
                    text = text with { CollapsesBlanks = reader.Integer() != 0 };
                    break;
                case 5:
                    text = text with { EscapesBlanks = reader.Integer() != 0 };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return text;
    }
}
