namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>Appends ids to a caller's buffer, keeping room for the tokens that end the sequence.</summary>
internal ref struct TokenWriter
{
    private readonly Span<int> _ids;
    private readonly int _room;

    public TokenWriter(Span<int> ids, int maxLength, int reservedAtEnd)
    {
        _ids = ids[..Math.Min(ids.Length, maxLength)];
        _room = Math.Max(_ids.Length - reservedAtEnd, 0);
    }

    /// <summary>The number of ids written.</summary>
    public int Count { get; private set; }

    /// <summary>Whether an id found no room.</summary>
    public bool Truncated { get; private set; }

    public void Add(int id)
    {
        if (Count < _room)
        {
            _ids[Count++] = id;
        }
        else
        {
            Truncated = true;
        }
    }

    public void Add(scoped ReadOnlySpan<int> ids)
    {
        if (ids.Length > _room - Count)
        {
            ids = ids[..(_room - Count)];
            Truncated = true;
        }

        ids.CopyTo(_ids[Count..]);
        Count += ids.Length;
    }

    /// <summary>Writes the tokens that end the sequence into the room kept for them; the last ones where even that is too short.</summary>
    public void End(scoped ReadOnlySpan<int> ids)
    {
        int room = _ids.Length - Count;
        if (ids.Length > room)
        {
            ids = ids[^room..];
            Truncated = true;
        }

        ids.CopyTo(_ids[Count..]);
        Count += ids.Length;
    }
}
