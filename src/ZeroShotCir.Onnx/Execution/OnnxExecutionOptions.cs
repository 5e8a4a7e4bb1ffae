namespace ZeroShotCir.Onnx.Execution;

/// <summary>How ONNX Runtime executes the graphs of a model.</summary>
/// <remarks>Copied by what takes it: later changes do not reach that.</remarks>
public sealed class OnnxExecutionOptions
{
    /// <summary>
    /// Below this length, about a million weights, threads wait for each other longer than they work: such a graph is run by one thread, and several
    /// runs go at once.
    /// </summary>
    internal const long BytesOfSmallGraph = 4 << 20;

    private ExecutionProvider _provider = ExecutionProvider.Cpu;
    private GraphOptimization _optimization = GraphOptimization.All;
    private int _deviceId;
    private int _threads;
    private int _interOpThreads;
    private string? _optimizedGraphCache;

    /// <summary>Makes options that have the default values.</summary>
    public OnnxExecutionOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public OnnxExecutionOptions(OnnxExecutionOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Provider = other.Provider;
        DeviceId = other.DeviceId;
        Threads = other.Threads;
        InterOpThreads = other.InterOpThreads;
        Optimization = other.Optimization;
        MemoryArena = other.MemoryArena;
        OptimizedGraphCache = other.OptimizedGraphCache;
        OptimizedGraphCacheByStamp = other.OptimizedGraphCacheByStamp;
    }

    /// <summary>The hardware backend. Asking for one that the native package lacks fails; nothing falls back silently.</summary>
    /// <value>The default value is <see cref="ExecutionProvider.Cpu"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a defined provider.</exception>
    public ExecutionProvider Provider
    {
        get => _provider;
        set => _provider = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Not an execution provider; expected one of {string.Join(", ", Enum.GetNames<ExecutionProvider>())}.");
    }

    /// <summary>Which device of a <see cref="ExecutionProvider.Cuda"/> or <see cref="ExecutionProvider.DirectMl"/> provider.</summary>
    /// <value>0 or more. The default value is 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int DeviceId
    {
        get => _deviceId;
        set
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
    /// <value>
    /// 0 or more; 0, the default value, is one per physical core, and one for encoders of less than 4 MiB, which have several runs at once
    /// instead. No more are used than there are processors.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Threads
    {
        get => _threads;
        set
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
        set
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
        set => _optimization = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Not an optimization level; expected one of {string.Join(", ", Enum.GetNames<GraphOptimization>())}.");
    }

    /// <summary>Whether the memory of intermediate tensors is kept for the next run: faster, but it never shrinks.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool MemoryArena { get; set; } = true;

    /// <summary>
    /// Whether <see cref="OptimizedGraphCache"/> knows graphs by path, length and times, so that a start reads neither the original nor the
    /// kept graph only to compare them; without it, every byte of both is read.
    /// </summary>
    /// <value>The default value is <see langword="false"/>. Graphs written within the last seconds are not taken from the cache then.</value>
    public bool OptimizedGraphCacheByStamp { get; set; }

    /// <summary>
    /// A folder in which optimized graphs are kept, so that later starts skip the optimization. Entries suit this kind of
    /// processor and this version of ONNX Runtime only, and are named so that others never read them.
    /// </summary>
    /// <value>A path, created when needed, or <see langword="null"/>, the default value, for no cache.</value>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? OptimizedGraphCache
    {
        get => _optimizedGraphCache;
        set
        {
            if (value is not null)
            {
                ArgumentException.ThrowIfNullOrWhiteSpace(value);
            }

            _optimizedGraphCache = value;
        }
    }
}
