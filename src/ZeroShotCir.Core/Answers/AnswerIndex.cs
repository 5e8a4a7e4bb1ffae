using System.Diagnostics.CodeAnalysis;

namespace ZeroShotCir.Answers;

/// <summary>What a store holds, in memory: answers by content, records by id, and their order.</summary>
/// <remarks>Not for concurrent use: the store guards it.</remarks>
internal sealed class AnswerIndex
{
    private readonly Dictionary<(string Content, string Answerer), IReadOnlyList<string>> _answers = [];
    private readonly Dictionary<(string Id, string Answerer), AnswerRecord> _byId = [];
    private readonly List<(string Id, string Answerer)> _order = [];

    /// <summary>The number of contents, per answerer, that have an answer.</summary>
    public int Answers => _answers.Count;

    /// <summary>The number of ids, per answerer.</summary>
    public int Records => _order.Count;

    /// <summary>The records, in their order.</summary>
    public IEnumerable<AnswerRecord> InOrder => _order.Select(key => _byId[key]);

    public bool TryGet(string content, string answerer, [NotNullWhen(true)] out IReadOnlyList<string>? texts) => _answers.TryGetValue((content, answerer), out texts);

    public bool HasFailed(string id, string answerer) => _byId.TryGetValue((id, answerer), out AnswerRecord? record) && record.Error is not null;

    /// <summary>Takes a record in; the later one of an id counts.</summary>
    /// <returns>Whether it says something new.</returns>
    public bool Remember(AnswerRecord record)
    {
        (string, string) key = (record.Id, record.Answerer);
        if (_byId.TryGetValue(key, out AnswerRecord? known))
        {
            if (known.Content == record.Content && known.Error == record.Error && known.Texts.SequenceEqual(record.Texts))
            {
                return false;
            }
        }
        else
        {
            _order.Add(key);
        }

        _byId[key] = record;
        // A line of somebody else's may hold neither an answer nor an error: nothing to reuse.
        if (record.Error is null && record.Texts.Count > 0)
        {
            _answers[(record.Content, record.Answerer)] = record.Texts;
        }

        return true;
    }

    /// <summary>Has the texts of a record stand somewhere else.</summary>
    public void Exchange(AnswerRecord record, IReadOnlyList<string> texts)
    {
        if (ReferenceEquals(texts, record.Texts))
        {
            return;
        }

        (string, string) key = (record.Id, record.Answerer), content = (record.Content, record.Answerer);
        if (_byId.TryGetValue(key, out AnswerRecord? known) && ReferenceEquals(known, record))
        {
            _byId[key] = new AnswerRecord(record.Id, record.Content, record.Answerer, texts, record.Error);
        }

        if (_answers.TryGetValue(content, out IReadOnlyList<string>? answer) && ReferenceEquals(answer, record.Texts))
        {
            _answers[content] = texts;
        }
    }

    /// <summary>Brings the records of one answerer into an order, behind those of all others.</summary>
    /// <returns>Whether that changed the order.</returns>
    public bool Arrange(IReadOnlyList<string> ids, string answerer)
    {
        HashSet<(string, string)> arranged = [.. ids.Select(id => (id, answerer)).Where(_byId.ContainsKey)];
        (string, string)[] order = [.. _order.Where(key => !arranged.Contains(key)), .. ids.Select(id => (id, answerer)).Where(arranged.Remove)];
        bool isNew = !order.AsSpan().SequenceEqual(_order.ToArray());
        _order.Clear();
        _order.AddRange(order);
        return isNew;
    }
}
