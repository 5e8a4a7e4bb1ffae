using System.Runtime.ExceptionServices;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>Does the same for very many small things on all processors, a range of them at a time.</summary>
internal static class ParallelRanges
{
    /// <param name="count">How many there are.</param>
    /// <param name="size">How many make a range.</param>
    /// <param name="body">What is done for those from one position up to, but not including, another.</param>
    /// <param name="cancellationToken">Stops between two ranges.</param>
    public static void ForEach(int count, int size, Action<int, int> body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (count <= size)
        {
            if (count > 0)
            {
                body(0, count);
            }

            return;
        }

        try
        {
            Parallel.For(
                0, (count + size - 1) / size, new ParallelOptions { CancellationToken = cancellationToken },
                range => body(range * size, Math.Min(count, (range + 1) * size)));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
