using System.Diagnostics.CodeAnalysis;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>
/// Whose batch is prepared and run. Two runs that each cut their operators into as many parts as there are processors wait for each other's
/// parts at every operator and push each other's tensors out of the caches, which costs a fifth of the processor time; so does a run beside which
/// other images are decoded, to a lesser degree.
/// </summary>
/// <remarks>Serves concurrent callers, who wait without holding a thread.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that nobody asks for its wait handle holds nothing, and disposing it would leave those who wait waiting.")]
internal sealed class RunTurns
{
    private readonly SemaphoreSlim _free = new(1);

    /// <summary>Whether one run takes all processors, so that nothing is gained beside it.</summary>
    public static bool AreWorthIt(OnnxExecutionOptions options)
        => options.Provider == ExecutionProvider.Cpu && (options.Threads == 0 || options.Threads >= Environment.ProcessorCount);

    /// <summary>Waits for a turn, which ends when it is disposed.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async ValueTask<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_free);
    }

    private sealed class Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
