namespace ZeroShotCir.Onnx.Captioning;

/// <summary>The finished sequences of a beam search, the worst of which goes when a better one comes.</summary>
internal sealed class BeamHypotheses(int capacity, bool earlyStopping)
{
    private readonly List<CaptionSequence> _sequences = [];

    /// <summary>Keeps a finished sequence if it is among the best.</summary>
    public void Add(CaptionSequence sequence)
    {
        int position = _sequences.FindIndex(kept => kept.Score < sequence.Score);
        _sequences.Insert(position < 0 ? _sequences.Count : position, sequence);
        if (_sequences.Count > capacity)
        {
            _sequences.RemoveAt(capacity);
        }
    }

    /// <summary>Whether the search may stop: there are enough, and no running sequence can still win.</summary>
    /// <param name="attainable">The best score that a running sequence has.</param>
    public bool IsDone(double attainable) => _sequences.Count == capacity && (earlyStopping || _sequences[^1].Score >= attainable);

    /// <summary>The sequences, best first.</summary>
    public IReadOnlyList<CaptionSequence> BestFirst() => _sequences;
}
