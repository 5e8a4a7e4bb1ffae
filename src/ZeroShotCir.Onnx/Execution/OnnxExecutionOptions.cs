namespace ZeroShotCir.Onnx.Execution;

/// <summary>How ONNX Runtime executes the graphs of a model.</summary>
/// <remarks>Immutable; may be shared.</remarks>
public sealed record OnnxExecutionOptions
{
    private readonly ExecutionProvider _provider = ExecutionProvider.Cpu;
    private readonly GraphOptimization _optimization = GraphOptimization.All;
    private readonly int _deviceId;
    private readonly int _threads;
    private readonly int _interOpThreads;
    private readonly string? _optimizedGraphCache;

    /// <summary>The default options.</summary>
    public static OnnxExecutionOptions Default { get; } = new();

    /// <summary>The hardware backend. Asking for one that the native package lacks fails; nothing falls back silently.</summary>
    /// <value>The default value is <see cref="ExecutionProvider.Cpu"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a defined provider.</exception>
    public ExecutionProvider Provider
    {
        get => _provider;
        init => _provider = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Not an execution provider; expected one of {string.Join(", ", Enum.GetNames<ExecutionProvider>())}.");
    }

    /// <summary>Which device of a <see cref="ExecutionProvider.Cuda"/> or <see cref="ExecutionProvider.DirectMl"/> provider.</summary>
    /// <value>0 or more. The default value is 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int DeviceId
    {
        get => _deviceId;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _deviceId = value;
        }
    }

    /// <summary>How many threads share the work of one operator.</summary>
    /// <remarks>
    /// ONNX Runtime cuts operators into as many parts as there are threads; where parts become narrower than its blocks, as they may
    /// beyond seven threads, the last bits of an embedding are those of another summation order.
    /// </remarks>
    /// <value>0 or more; 0, the default value, is one per physical core. No more are used than there are processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Threads
    {
        get => _threads;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _threads = value;
        }
    }

    /// <summary>How many independent operators of one graph run at the same time.</summary>
    /// <value>0 or more; 0 or 1 runs them one after another. The default value is 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int InterOpThreads
    {
        get => _interOpThreads;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _interOpThreads = value;
        }
    }

    /// <summary>How far the graph is rewritten before it runs.</summary>
    /// <value>The default value is <see cref="GraphOptimization.All"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a defined level.</exception>
    public GraphOptimization Optimization
    {
        get => _optimization;
        init => _optimization = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Not an optimisation level; expected one of {string.Join(", ", Enum.GetNames<GraphOptimization>())}.");
    }

    /// <summary>Whether the memory of intermediate tensors is kept for the next run: faster, but it never shrinks.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool MemoryArena { get; init; } = true;

    /// <summary>
    /// A folder in which optimised graphs are kept, so that later starts skip the optimisation. Entries suit this kind of
    /// processor and this version of ONNX Runtime only, and are named so that others never read them.
    /// </summary>
    /// <value>A path, created when needed, or <see langword="null"/>, the default value, for no cache.</value>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? OptimizedGraphCache
    {
        get => _optimizedGraphCache;
        init
        {
            if (value is not null)
            {
                ArgumentException.ThrowIfNullOrWhiteSpace(value);
            }

            _optimizedGraphCache = value;
        }
    }
}
