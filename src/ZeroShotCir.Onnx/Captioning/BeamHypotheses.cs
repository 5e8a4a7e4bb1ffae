namespace ZeroShotCir.Onnx.Captioning;

/// <summary>The finished sequences of a beam search, the worst of which goes when a better one comes.</summary>
internal sealed class BeamHypotheses(int capacity)
{
    private readonly List<CaptionSequence> _sequences = [];

    /// <summary>Whether there are as many as are wanted.</summary>
    public bool IsFull => _sequences.Count == capacity;

    /// <summary>The worst score that was kept.</summary>
    public double Worst => _sequences[^1].Score;

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

    /// <summary>The sequences, best first.</summary>
    public IReadOnlyList<CaptionSequence> BestFirst() => _sequences;
}
