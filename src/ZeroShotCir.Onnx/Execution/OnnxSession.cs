using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Execution;

/// <summary>
/// One loaded graph. ONNX Runtime's own session crashes the process when it is disposed while a run is in flight or run
/// after it was disposed; this one counts its uses, refuses new ones once it is disposed, and waits for those in flight.
/// </summary>
/// <remarks>
/// Serves concurrent callers. A graph with two roles has two owners: each disposes once, the last one releases the graph.
/// </remarks>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly Lock? _oneRunAtATime;
    private readonly object _gate = new();
    private int _owners = 1;
    private int _uses;
    private bool _released;

    private OnnxSession(string path, InferenceSession session, OnnxExecutionOptions options)
    {
        Path = path;
        _session = session;
        _oneRunAtATime = options.Provider == ExecutionProvider.DirectMl ? new Lock() : null;
        IsOnProcessor = options.Provider == ExecutionProvider.Cpu;
        PreparesWeights = options.Optimization != GraphOptimization.None;
        Inputs = [.. session.InputNames.Select(name => OnnxTensor.From(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => OnnxTensor.From(name, session.OutputMetadata[name]))];
    }

    /// <summary>The graph's file.</summary>
    public string Path { get; }

    /// <summary>Whether the graph is executed by the processor itself.</summary>
    public bool IsOnProcessor { get; }

    /// <summary>Whether what weights alone decide was computed when the graph was loaded.</summary>
    public bool PreparesWeights { get; }

    /// <summary>What the graph takes, in its own order.</summary>
    public IReadOnlyList<OnnxTensor> Inputs { get; }

    /// <summary>What the graph gives, in its own order.</summary>
    public IReadOnlyList<OnnxTensor> Outputs { get; }

    /// <summary>Loads a graph; external data is found beside its file.</summary>
    /// <param name="path">The graph.</param>
    /// <param name="options">How it is executed.</param>
    /// <param name="weights">The paths of its external data, by which a cached graph is told from one of other weights.</param>
    /// <exception cref="InvalidModelException">The file is missing, not a complete ONNX file, or needs files that are not there.</exception>
    /// <exception cref="OnnxRuntimeUnavailableException">The native library or the execution provider is missing.</exception>
    public static OnnxSession Open(string path, OnnxExecutionOptions options, params IReadOnlyList<string> weights)
    {
        if (!File.Exists(path))
        {
            throw new InvalidModelException($"The graph '{path}' does not exist. Check the model folder.");
        }

        InferenceSession session = OnnxRuntimeLoader.Load(path, weights, options);
        return new OnnxSession(path, session, options);
    }

    /// <summary>Adds an owner, unless the session is already disposed.</summary>
    public bool TryShare()
    {
        lock (_gate)
        {
            if (_owners == 0)
            {
                return false;
            }

            _owners++;
            return true;
        }
    }

    /// <summary>Keeps the session alive until the returned use is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public Use BeginUse()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_owners == 0, this);
            _uses++;
        }

        return new Use(this);
    }

    /// <summary>Runs the graph once; the caller disposes the outputs.</summary>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; the run ends within milliseconds.</exception>
    /// <exception cref="InvalidModelException">The graph failed.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        IReadOnlyCollection<string> inputNames, IReadOnlyCollection<OrtValue> inputs, IReadOnlyCollection<string> outputNames, CancellationToken cancellationToken)
    {
        using Use use = BeginUse();
        using RunOptions options = new();
        return Run(
            (inputNames, inputs, outputNames),
            static (session, options, graph) => session.Run(options, graph.inputNames, graph.inputs, graph.outputNames),
            options,
            cancellationToken);
    }

    /// <summary>Disposes once for one owner; the last one waits for every use in flight.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_owners > 0 && --_owners > 0)
            {
                return;
            }

            while (_uses > 0)
            {
                Monitor.Wait(_gate);
            }

            if (_released)
            {
                return;
            }

            _released = true;
            _session.Dispose();
        }
    }

    private TResult Run<TState, TResult>(
        TState state, Func<InferenceSession, RunOptions, TState, TResult> run, RunOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static o => ((RunOptions)o!).Terminate = true, options);
        _oneRunAtATime?.Enter();
        try
        {
            return run(_session, options, state);
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidModelException($"The graph '{Path}' failed: {e.Message}", e);
        }
        finally
        {
            _oneRunAtATime?.Exit();

            // Waits for a callback that is running, so that a late one cannot terminate the next run.
            registration.Dispose();
            if (cancellationToken.IsCancellationRequested)
            {
                options.Terminate = false;
            }
        }
    }

    private void EndUse()
    {
        lock (_gate)
        {
            if (--_uses == 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>A use of the session: while it lasts, the native session does too.</summary>
    public readonly struct Use(OnnxSession session) : IDisposable
    {
        /// <summary>Creates a binding; it must be disposed before the session is.</summary>
        public OrtIoBinding CreateBinding() => session._session.CreateIoBinding();

        /// <summary>Runs the graph on bound inputs and outputs, without allocating.</summary>
        /// <exception cref="OperationCanceledException">The token was canceled; the run ends within milliseconds.</exception>
        /// <exception cref="InvalidModelException">The graph failed.</exception>
        public void Run(OrtIoBinding binding, RunOptions options, CancellationToken cancellationToken)
            => session.Run(
                binding,
                static (session, options, binding) =>
                {
                    session.RunWithBinding(options, binding);
                    return true;
                },
                options,
                cancellationToken);

        /// <inheritdoc/>
        public void Dispose() => session.EndUse();
    }
}
