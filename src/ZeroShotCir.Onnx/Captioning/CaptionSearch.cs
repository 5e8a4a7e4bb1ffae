using Microsoft.ML.OnnxRuntime;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>Finds the tokens of a caption for one encoded image.</summary>
/// <remarks>
/// Greedy and beam search follow Hugging Face's <c>generate</c> (lengths count generated tokens, without those that every caption
/// starts with). Not for concurrent use.
/// </remarks>
internal sealed class CaptionSearch(CaptionDecoder decoder, CaptionPlan plan, OrtValue encoded, CaptionMemory memory, int maxLength)
{
    private readonly int[] _start = plan.Start;
    private DecoderState? _first;

    /// <summary>The most likely token each time.</summary>
    public CaptionSequence Greedy(CancellationToken cancellationToken)
        => Follow(logProbabilities => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logProbabilities), cancellationToken);

    /// <summary>Tokens drawn by probability.</summary>
    public CaptionSequence Sample(Random random, CancellationToken cancellationToken)
        => Follow(logProbabilities => Draw(logProbabilities, plan.Temperature, plan.TopP, random), cancellationToken);

    /// <summary>The best sequences, best first.</summary>
    public IReadOnlyList<CaptionSequence> Beam(int beams, CancellationToken cancellationToken)
    {
        BeamHypotheses finished = new(beams);
        List<(int[] Ids, double Sum, DecoderState State)> running = [(_start, 0, First(cancellationToken))];
        while (running.Count > 0)
        {
            (int Beam, int Token, double Sum)[] candidates = Best(running, 2 * beams);
            int length = running[0].Ids.Length + 1;
            bool last = length >= maxLength;
            List<(int Beam, int Token, double Sum)> kept = [];
            for (int rank = 0; rank < candidates.Length && kept.Count < beams; rank++)
            {
                (int beam, int token, double sum) = candidates[rank];
                if (!last && !plan.EndIds.Contains(token))
                {
                    kept.Add(candidates[rank]);
                }
                else if (rank < beams)
                {
                    finished.Add(new CaptionSequence([.. running[beam].Ids, token], plan.Hidden, plan.Score(sum, length)));
                }
            }

            if (kept.Count == 0 || (finished.IsFull && IsDecided(finished.Worst, kept[0].Sum, length)))
            {
                break;
            }

            List<(int[] Ids, double Sum, DecoderState State)> before = running;
            running = [.. kept.Select(candidate => (
                (int[])[.. before[candidate.Beam].Ids, candidate.Token],
                candidate.Sum,
                decoder.Append(before[candidate.Beam].State, candidate.Token, encoded, memory, cancellationToken)))];
            before.ForEach(sequence => Release(sequence.State));
        }

        return finished.BestFirst();
    }

    /// <summary>The state after the start, which is decoded once for all captions of an image.</summary>
    private DecoderState First(CancellationToken cancellationToken) => _first ??= decoder.Start(_start, encoded, memory, cancellationToken);

    /// <summary>Gives a step's caches back. Those of the first stay: an encoder's are read to the end, and another caption begins there.</summary>
    private void Release(DecoderState state)
    {
        if (state != _first)
        {
            memory.Release(state.Own);
        }
    }

    /// <summary>Whether the best running sequence cannot replace the worst finished one any more.</summary>
    private bool IsDecided(double worst, double sum, int length) => plan.Stop switch
    {
        BeamStop.WhenEnough => true,
        BeamStop.NoneBetterAtAnyLength when plan.LengthPenalty > 0 => worst >= plan.Score(sum, maxLength),
        _ => worst >= plan.Score(sum, length),
    };

    private (int Beam, int Token, double Sum)[] Best(List<(int[] Ids, double Sum, DecoderState State)> running, int count)
        => [.. running
            .SelectMany((beam, index) => plan.Rules.Apply(beam.Ids, _start.Length, maxLength, beam.State.LogProbabilities)
                .Select((logProbability, token) => (Beam: index, Token: token, Sum: beam.Sum + logProbability))
                .Where(candidate => candidate.Sum > double.NegativeInfinity)
                .OrderByDescending(candidate => candidate.Sum)
                .Take(count))
            .OrderByDescending(candidate => candidate.Sum)
            .Take(count)];

    private static int Draw(float[] logProbabilities, double temperature, double topP, Random random)
    {
        (int Token, double Weight)[] candidates = [.. logProbabilities
            .Select((logProbability, token) => (Token: token, Weight: Math.Exp(logProbability / temperature)))
            .Where(candidate => candidate.Weight > 0)
            .OrderByDescending(candidate => candidate.Weight)];
        double total = candidates.Sum(candidate => candidate.Weight);
        int count = 0;
        double reached = 0;
        while (count < candidates.Length && (count == 0 || reached < topP * total))
        {
            reached += candidates[count++].Weight;
        }

        double drawn = random.NextDouble() * reached;
        for (int i = 0; i < count; i++)
        {
            drawn -= candidates[i].Weight;
            if (drawn < 0)
            {
                return candidates[i].Token;
            }
        }

        return candidates[count - 1].Token;
    }

    private CaptionSequence Follow(Func<float[], int> choose, CancellationToken cancellationToken)
    {
        List<int> ids = [.. _start];
        double sum = 0;
        DecoderState state = First(cancellationToken);
        while (ids.Count < maxLength)
        {
            float[] logProbabilities = plan.Rules.Apply(state.Ids, _start.Length, maxLength, state.LogProbabilities);
            int token = choose(logProbabilities);
            sum += logProbabilities[token];
            ids.Add(token);
            if (plan.EndIds.Contains(token) || ids.Count == maxLength)
            {
                break;
            }

            DecoderState next = decoder.Append(state, token, encoded, memory, cancellationToken);
            Release(state);
            state = next;
        }

        Release(state);
        return new CaptionSequence([.. ids], plan.Hidden, plan.Score(sum, ids.Count));
    }
}
