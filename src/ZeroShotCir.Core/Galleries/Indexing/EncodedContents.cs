using System.Collections.Concurrent;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>The embeddings of one run by the content of the pictures, so that a picture that lies in several places is encoded once.</summary>
/// <remarks>Serves concurrent callers. Of very many pictures the earliest are forgotten; a copy of one of those is encoded again, to the same row.</remarks>
internal sealed class EncodedContents(int dimensions)
{
    private const long MaxBytes = 64L << 20;
    private readonly long _most = Math.Max(1, MaxBytes / (sizeof(float) * dimensions));
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ReadOnlyMemory<float>?>> _byContent = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _ended = new();

    /// <summary>Says who encodes a content: whoever asks first, and nobody else until that is ended.</summary>
    /// <param name="sha256">The content.</param>
    /// <param name="earlier">
    /// What another one makes of it: an embedding, or nothing where it cannot be encoded.
    /// <see langword="null"/> where the caller is the first, who has to end it.
    /// </param>
    /// <returns>Whether the caller is the first.</returns>
    public bool TryBegin(string sha256, out Task<ReadOnlyMemory<float>?>? earlier)
    {
        TaskCompletionSource<ReadOnlyMemory<float>?> own = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<ReadOnlyMemory<float>?> first = _byContent.GetOrAdd(sha256, own);
        earlier = first == own ? null : first.Task;
        return earlier is null;
    }

    /// <summary>Ends what was begun.</summary>
    public void End(string sha256, ReadOnlyMemory<float>? embedding)
    {
        if (_byContent.TryGetValue(sha256, out TaskCompletionSource<ReadOnlyMemory<float>?>? own) && own.TrySetResult(embedding))
        {
            _ended.Enqueue(sha256);
            while (_ended.Count > _most && _ended.TryDequeue(out string? earliest))
            {
                _byContent.TryRemove(earliest, out _);
            }
        }
    }
}
