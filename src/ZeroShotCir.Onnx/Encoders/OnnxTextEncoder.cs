using ZeroShotCir.Embeddings;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Joint;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>Encodes texts by the text graph of an <see cref="OnnxModelFolder"/>.</summary>
/// <remarks>
/// Thread-safe. Works on the thread pool, never on the thread that calls. Each text is filled up as the model wants it, as far as that makes a
/// difference to its embedding, and encoded beside texts of equal length only. Disposing waits for the batches in flight;
/// a call that has more to do then ends with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class OnnxTextEncoder : ITextEncoder, IDisposable
{
    private readonly NamedModel _model;
    private readonly TextFeed _feed;
    private readonly int _batchSize;
    private readonly JointEncoder? _joint;
    private readonly EncodingRole _role;

    internal OnnxTextEncoder(NamedModel model, JointEncoder joint, TextFeed feed, EncodingRole role)
    {
        _model = model;
        _joint = joint;
        _feed = feed;
        _role = role;
    }

    internal OnnxTextEncoder(NamedModel model, GraphRunner runner, TextFeed feed, OnnxModelOptions options)
    {
        _model = model;
        Runner = runner;
        _feed = feed;
        _batchSize = options.BatchSize;
        Lengths = feed.PadId is { } pad ? new PaddedLengths(runner, feed.ContextLength, pad) : null;
    }

    /// <inheritdoc/>
    public EncoderInfo Info => field ??= _joint is null
        ? new EncoderInfo(_model.Id, Runner.Dimensions, Runner.Graph.UnitLength)
        : _model.InfoOf(_role);

    /// <summary>What runs the graph; not there for a model that reads images and texts together.</summary>
    internal GraphRunner Runner { get; } = null!;

    /// <summary>How far texts are filled up; not there where each is encoded at its own length.</summary>
    internal PaddedLengths? Lengths { get; }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The encoder is disposed.</exception>
    public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        RowChecks.CheckDestination(texts.Count, _joint?.Dimensions ?? Runner.Dimensions, destination);
        return EncodeElsewhereAsync(texts, destination, cancellationToken);
    }

    /// <summary>Releases the graph, after the batches in flight.</summary>
    public void Dispose()
    {
        _joint?.Dispose();
        Runner?.Dispose();
    }

    // Long work leaves the caller's thread.
    private async ValueTask EncodeElsewhereAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_joint is not null)
        {
            _joint.Encode([.. texts.Select(text => new ComposedInput(text))], _role, cuts: true, destination.Span, cancellationToken);
            return;
        }

        Encode(texts, destination.Span, cancellationToken);
    }

    private void Encode(IReadOnlyList<string> texts, Span<float> destination, CancellationToken cancellationToken)
    {
        int[] buffer = new int[_feed.ContextLength];
        int[][] ids = new int[texts.Count][];
        int[] lengths = new int[texts.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            _feed.Encode(texts[i], buffer, out int tokens, out _);
            ids[i] = buffer[..tokens];
            lengths[i] = Lengths?.For(ids[i], cancellationToken) ?? tokens;
        }

        foreach (IGrouping<int, int> sameLength in Enumerable.Range(0, ids.Length).GroupBy(i => lengths[i]))
        {
            foreach (int[] items in sameLength.Chunk(_batchSize))
            {
                EncoderBatch batch = Runner.Rent(items.Length);
                try
                {
                    for (int i = 0; i < items.Length; i++)
                    {
                        batch.WriteText(i, ids[items[i]], sameLength.Key, _feed.PadId ?? 0);
                    }

                    batch.Run(items.Length, sameLength.Key, cancellationToken);
                    for (int i = 0; i < items.Length; i++)
                    {
                        Read(batch, i, items[i], destination);
                    }
                }
                finally
                {
                    Runner.Return(batch);
                }
            }
        }
    }

    private void Read(EncoderBatch batch, int item, int text, Span<float> destination)
    {
        Span<float> row = destination.Slice(text * Runner.Dimensions, Runner.Dimensions);
        batch.CopyOutput(item, row);
        RowChecks.ThrowIfNotFinite(row, "text", text, null);
    }
}
