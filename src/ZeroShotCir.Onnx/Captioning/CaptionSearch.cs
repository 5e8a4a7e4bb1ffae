using Microsoft.ML.OnnxRuntime;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>Finds the tokens of a caption for one encoded image.</summary>
/// <remarks>
/// Greedy and beam search follow Hugging Face's <c>generate</c> (length penalty 1; lengths count generated tokens, without those
/// that every caption starts with). Not for concurrent use.
/// </remarks>
internal sealed class CaptionSearch(CaptionDecoder decoder, CaptionerConfig config, int[] start, OrtValue encoded, CaptionMemory memory, int maxLength)
{
    /// <summary>The most likely token each time.</summary>
    public CaptionSequence Greedy(CancellationToken cancellationToken)
        => Follow(logProbabilities => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logProbabilities), cancellationToken);

    /// <summary>Tokens drawn by probability.</summary>
    public CaptionSequence Sample(double temperature, double topP, Random random, CancellationToken cancellationToken)
        => Follow(logProbabilities => Draw(logProbabilities, temperature, topP, random), cancellationToken);

    /// <summary>The best sequences, best first.</summary>
    public IReadOnlyList<CaptionSequence> Beam(int beams, bool earlyStopping, CancellationToken cancellationToken)
    {
        BeamHypotheses finished = new(beams, earlyStopping);
        List<(int[] Ids, double Sum, DecoderState State)> running = [(start, 0, decoder.Start(start, encoded, memory, cancellationToken))];
        while (running[0].Ids.Length < maxLength)
        {
            (int Beam, int Token, double Sum)[] candidates = Best(running, 2 * beams);
            int generated = running[0].Ids.Length + 1 - start.Length;
            List<(int Beam, int Token, double Sum)> kept = [];
            for (int rank = 0; rank < candidates.Length && kept.Count < beams; rank++)
            {
                (int beam, int token, double sum) = candidates[rank];
                if (token != config.EndId)
                {
                    kept.Add(candidates[rank]);
                }
                else if (rank < beams)
                {
                    finished.Add(new CaptionSequence([.. running[beam].Ids, token], sum / generated));
                }
            }

            if (finished.IsDone(candidates[0].Sum / generated) || kept.Count == 0)
            {
                return finished.BestFirst();
            }

            bool last = running[0].Ids.Length + 1 == maxLength;
            running = [.. kept.Select(candidate => (
                (int[])[.. running[candidate.Beam].Ids, candidate.Token],
                candidate.Sum,
                last ? running[candidate.Beam].State : decoder.Append(running[candidate.Beam].State, candidate.Token, encoded, memory, cancellationToken)))];
        }

        foreach ((int[] ids, double sum, _) in running)
        {
            finished.Add(new CaptionSequence(ids, sum / Math.Max(ids.Length - start.Length, 1)));
        }

        return finished.BestFirst();
    }

    private (int Beam, int Token, double Sum)[] Best(List<(int[] Ids, double Sum, DecoderState State)> running, int count)
        => [.. running
            .SelectMany((beam, index) => config.Rules.Apply(beam.Ids, start.Length, maxLength, beam.State.LogProbabilities)
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
        List<int> ids = [.. start];
        double sum = 0;
        DecoderState state = decoder.Start(start, encoded, memory, cancellationToken);
        while (ids.Count < maxLength)
        {
            float[] logProbabilities = config.Rules.Apply(state.Ids, start.Length, maxLength, state.LogProbabilities);
            int token = choose(logProbabilities);
            sum += logProbabilities[token];
            ids.Add(token);
            if (token == config.EndId || ids.Count == maxLength)
            {
                break;
            }

            state = decoder.Append(state, token, encoded, memory, cancellationToken);
        }

        return new CaptionSequence([.. ids], sum / Math.Max(ids.Count - start.Length, 1));
    }
}
