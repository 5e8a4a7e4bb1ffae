using System.Runtime.InteropServices;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>How far texts are filled up that a model wants filled up to its context length.</summary>
/// <remarks>
/// <para>
/// CLIP's text towers never look at what comes after a text, so most of a run on a sentence filled up to 77 ids is for nothing. Whether a graph is
/// one of them, and whether sums over fewer ids have the same last bits, is not believed but tried: once some texts of a length have come,
/// one of them and one that fills the length are encoded at it and at the context length, and only where both rows are the same to the bit
/// is the shorter length used from then on. So a program that encodes a text or two pays for no trial, and a row never depends on how far it was filled up.
/// </para>
/// <para>Thread-safe.</para>
/// </remarks>
internal sealed class PaddedLengths
{
    /// <summary>Lengths are multiples of this, so that there are few of them and texts still find company.</summary>
    private const int Step = 8;

    /// <summary>The texts of a length that are encoded before it is tried, which costs as much as three.</summary>
    internal const int TextsBeforeTrial = 8;

    private readonly GraphRunner _runner;
    private readonly int _context;
    private readonly int _pad;
    private readonly Trial[] _trials;

    public PaddedLengths(GraphRunner runner, int context, int pad)
    {
        _runner = runner;
        _context = context;
        _pad = pad;

        // Two texts prove nothing about a third where rows depend on the range of all numbers of a run, or where few rows are multiplied by other
        // code than many, as four-bit weights are.
        bool mayBeTried = runner.Graph.FixedLength is null && runner.Graph.File.MixesRows is null && runner.FewestRows == 1 && runner.Session.IsOnProcessor;
        _trials = mayBeTried ? [.. Enumerable.Range(0, (context - 1) / Step).Select(_ => new Trial())] : [];
    }

    private enum Outcome
    {
        Open,
        Same,
        Different,
    }

    /// <summary>The length to which a text is filled up.</summary>
    public int For(ReadOnlySpan<int> ids, CancellationToken cancellationToken)
    {
        int step = Math.Max(ids.Length - 1, 0) / Step;
        if (step >= _trials.Length)
        {
            return _context;
        }

        Trial trial = _trials[step];
        int length = (step + 1) * Step;
        if (trial.IsDue())
        {
            trial.Outcome = GivesSameRows(trial, ids, length, cancellationToken) ? Outcome.Same : Outcome.Different;
        }

        return trial.Outcome == Outcome.Same ? length : _context;
    }

    private bool GivesSameRows(Trial trial, ReadOnlySpan<int> ids, int length, CancellationToken cancellationToken)
    {
        if (ids.IsEmpty)
        {
            return false;
        }

        int[] filling = new int[length];
        ReadOnlySpan<int> middle = ids.Length > 2 ? ids[1..^1] : ids[..1];
        for (int i = 0; i < length; i++)
        {
            filling[i] = middle[i % middle.Length];
        }

        (filling[0], filling[^1]) = (ids[0], ids[^1]);
        try
        {
            return Encode(ids, filling, length, cancellationToken).AsSpan().SequenceEqual(Encode(ids, filling, _context, cancellationToken));
        }
        catch (InvalidModelException)
        {
            // A graph that adds as many positions as its context is long takes no other length, whatever its input declares.
            return false;
        }
        catch (OperationCanceledException)
        {
            trial.TryLater();
            throw;
        }
    }

    /// <summary>The bits of the rows of two texts.</summary>
    private int[] Encode(ReadOnlySpan<int> one, ReadOnlySpan<int> other, int length, CancellationToken cancellationToken)
    {
        float[] rows = new float[2 * _runner.Dimensions];
        EncoderBatch batch = _runner.Rent(2);
        try
        {
            batch.MayFail = true;
            batch.WriteText(0, one, length, _pad);
            batch.WriteText(1, other, length, _pad);
            batch.Run(2, length, cancellationToken);
            batch.CopyOutput(0, rows.AsSpan(0, _runner.Dimensions));
            batch.CopyOutput(1, rows.AsSpan(_runner.Dimensions));
        }
        finally
        {
            batch.MayFail = false;
            _runner.Return(batch);
        }

        return MemoryMarshal.Cast<float, int>(rows).ToArray();
    }

    private sealed class Trial
    {
        private volatile Outcome _outcome;
        private int _texts;

        public Outcome Outcome
        {
            get => _outcome;
            set => _outcome = value;
        }

        /// <summary>Counts a text; says to one caller alone that it is time.</summary>
        public bool IsDue() => Outcome == Outcome.Open && Interlocked.Increment(ref _texts) == TextsBeforeTrial + 1;

        /// <summary>Lets another caller try.</summary>
        public void TryLater() => Volatile.Write(ref _texts, TextsBeforeTrial);
    }
}
