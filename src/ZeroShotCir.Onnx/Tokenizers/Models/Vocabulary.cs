using System.Diagnostics.CodeAnalysis;

namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>Tokens and their ids, both ways.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;
    private string?[] _tokens = [];

    public Vocabulary() => _idsBySpan = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>One more than the largest id.</summary>
    public int Size { get; private set; }

    /// <summary>The characters of the longest token.</summary>
    public int LongestToken { get; private set; }

    /// <summary>Adds a token, or gives a known token another id, as the tokenizers that read these files do.</summary>
    /// <exception cref="InvalidDataException">The id is negative or too large.</exception>
    public void Add(string token, int id)
    {
        // Twice what the largest published vocabulary has (MetaCLIP 2); room is kept for every id below the largest.
        const int Limit = 1 << 21;
        if (id is < 0 or >= Limit)
        {
            throw new InvalidDataException($"the id of token '{token}' is {id}, outside 0 to {Limit - 1}");
        }

        _ids[token] = id;
        if (id >= _tokens.Length)
        {
            Array.Resize(ref _tokens, Math.Max(id + 1, _tokens.Length * 2));
        }

        _tokens[id] = token;
        LongestToken = Math.Max(LongestToken, token.Length);
        Size = Math.Max(Size, id + 1);
    }

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _idsBySpan.TryGetValue(token, out id);

    /// <summary>The token of an id; <see langword="null"/> for an id that the files leave out.</summary>
    public string? TokenOf(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, Size);
        return _tokens[id];
    }

    public bool TryGetId([NotNullWhen(true)] string? token, out int id)
    {
        id = 0;
        return token is not null && _ids.TryGetValue(token, out id);
    }
}
