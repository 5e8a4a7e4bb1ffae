using System.Diagnostics;
using System.Globalization;

namespace ZeroShotCir.Tests.Mutations;

/// <summary>Many spoilt inputs for one reader: each is read or refused by a typed exception, in bounded time, and together they leave no memory behind.</summary>
/// <remarks>
/// <c>ZEROSHOTCIR_MUTATIONS=N</c> multiplies how many are tried, and then also bounds what the process may grow by: run such a test alone.
/// <c>ZEROSHOTCIR_MUTATION_LOG=FILE</c> gets one line of each run.
/// </remarks>
internal sealed class MutationRun
{
    private const int MostFailures = 10;
    private const long MostGrowth = 96L << 20;
    private const long MostManagedGrowth = 24L << 20; // What pools may come to hold.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly int Factor = int.TryParse(Environment.GetEnvironmentVariable("ZEROSHOTCIR_MUTATIONS"), out int factor) && factor > 0 ? factor : 1;
    private readonly string _name;
    private readonly Func<byte[], Task> _read;
    private readonly Dictionary<string, string> _failures = [];

    /// <summary>Creates a run over a number of inputs that keeps a build quick.</summary>
    public MutationRun(string name, int usual, Action<byte[]> read)
        : this(name, usual, bytes =>
        {
            read(bytes);
            return Task.CompletedTask;
        })
    {
    }

    public MutationRun(string name, int usual, Func<byte[], Task> read) => (_name, Count, _read) = (name, usual * Factor, read);

    /// <summary>How many inputs are tried.</summary>
    public int Count { get; }

    /// <summary>How many were refused by a typed exception.</summary>
    public int Refused { get; private set; }

    /// <summary>Which exceptions are a refusal in words.</summary>
    public required Func<Exception, bool> IsRefusal { get; init; }

    /// <summary>Tries them all; each is made by a generator of its own, so that one can be made again by its number.</summary>
    public void Execute(Func<Random, byte[]> spoil) => ExecuteAsync(spoil).GetAwaiter().GetResult();

    /// <summary>Tries them all.</summary>
    public async Task ExecuteAsync(Func<Random, byte[]> spoil)
    {
        long begun = Stopwatch.GetTimestamp();
        (long Resident, long Managed) warm = default;
        for (int number = 0; number < Count; number++)
        {
            if (number == Count / 5)
            {
                warm = Memory();
            }

            await TryAsync(number, spoil(new Random(number)));
        }

        (long Resident, long Managed) end = Memory();
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{_name}: {Count} tried, {Refused} refused, {_failures.Count} kinds of failure, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s; ")
            + $"resident {warm.Resident >> 20} → {end.Resident >> 20} MB, managed {warm.Managed >> 20} → {end.Managed >> 20} MB";
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("ZEROSHOTCIR_MUTATION_LOG") is { Length: > 0 } log)
        {
            File.AppendAllText(log, line + Environment.NewLine);
        }

        Assert.True(_failures.Count == 0, string.Join(Environment.NewLine, _failures.Values));
        if (Factor > 1)
        {
            Assert.True(end.Managed - warm.Managed <= MostManagedGrowth && end.Resident - warm.Resident <= MostGrowth, "Memory grew: " + line);
        }
    }

    private static (long Resident, long Managed) Memory()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using Process self = Process.GetCurrentProcess();
        return (self.WorkingSet64, GC.GetTotalMemory(forceFullCollection: false));
    }

    private async Task TryAsync(int number, byte[] bad)
    {
        long begun = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            await _read(bad);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            Refused++;
        }
        catch (Exception e)
        {
            failure = e;
        }

        TimeSpan taken = Stopwatch.GetElapsedTime(begun);
        if (failure is not null || taken > Longest)
        {
            string kind = failure is null ? "slow" : $"{failure.GetType()} {failure.StackTrace?.Split('\n')[0]}";
            if (_failures.Count < MostFailures)
            {
                _failures.TryAdd(kind, $"{_name}, input {number}, {taken}: {failure}{Environment.NewLine}{Convert.ToBase64String(bad.AsSpan(0, Math.Min(bad.Length, 6000)))}");
            }
        }
    }
}
