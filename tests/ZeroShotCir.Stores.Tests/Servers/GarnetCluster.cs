using StackExchange.Redis;
using ZeroShotCir.Tests.Garnet;

namespace ZeroShotCir.Tests.Servers;

/// <summary>Three Garnet servers of this process that form a cluster, started when the first test wants them.</summary>
public sealed class GarnetCluster : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private GarnetNodes? _nodes;
    private Exception? _failure;

    /// <summary>The address of a gallery, after starting the cluster or skipping the running test where it cannot run.</summary>
    public async Task<string> AddressAsync(string gallery)
    {
        await _gate.WaitAsync();
        try
        {
            // Not again for every test, where it fails.
            if (_nodes is null && _failure is null)
            {
                _nodes = await GarnetNodes.StartAsync();
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
        finally
        {
            _gate.Release();
        }

        Assert.SkipWhen(_failure is DllNotFoundException or PlatformNotSupportedException or TypeInitializationException, $"Garnet does not run here: {_failure?.Message}");
        Assert.True(_failure is null, $"Garnet did not start: {_failure}");
        return $"redis://{_nodes!.Hosts}/{gallery}";
    }

    /// <summary>Takes a node away, with all that it held in memory.</summary>
    public void Stop(int node) => _nodes!.Stop(node);

    /// <summary>Lets a node come back, with nothing.</summary>
    public void Restart(int node) => _nodes!.Start(node);

    /// <summary>The node that holds a key.</summary>
    public int NodeOf(IConnectionMultiplexer connection, RedisKey key) => _nodes!.NodeOf(connection, key);

    /// <summary>Moves the slot of a key, with all that lies in it, to another node.</summary>
    public Task MoveAsync(IConnectionMultiplexer connection, RedisKey key, int node) => _nodes!.MoveAsync(connection, key, node);

    public ValueTask DisposeAsync()
    {
        _nodes?.Dispose();
        return ValueTask.CompletedTask;
    }
}
