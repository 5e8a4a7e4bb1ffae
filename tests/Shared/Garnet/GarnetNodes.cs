using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using StackExchange.Redis;

namespace ZeroShotCir.Tests.Garnet;

/// <summary>Garnet servers of this process that form a cluster.</summary>
internal sealed class GarnetNodes : IDisposable
{
    private const int Slots = 16384;

    // A cluster's nodes talk on a port 10,000 above their own.
    private const int HighestPort = 55_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("zeroshotcir-garnet-").FullName;
    private readonly GarnetServer?[] _nodes;
    private readonly int[] _ports;

    private GarnetNodes(int count)
    {
        _nodes = new GarnetServer?[count];
        _ports = FindPorts(count);
    }

    public int Count => _nodes.Length;

    /// <summary>Where the nodes listen, as an address wants it.</summary>
    public string Hosts => string.Join(',', _ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")));

    public static async Task<GarnetNodes> StartAsync(int count = 3)
    {
        GarnetNodes nodes = new(count);
        try
        {
            for (int node = 0; node < count; node++)
            {
                nodes.Start(node);
            }

            await nodes.JoinAsync();
            return nodes;
        }
        catch
        {
            nodes.Dispose();
            throw;
        }
    }

    public static int[] FindPorts(int count)
    {
        List<TcpListener> listeners = [];
        try
        {
            while (listeners.Count < count)
            {
                TcpListener listener = new(IPAddress.Loopback, Random.Shared.Next(20_000, HighestPort));
                try
                {
                    listener.Start();
                    listeners.Add(listener);
                }
                catch (SocketException)
                {
                    listener.Dispose();
                }
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    /// <summary>Takes a node away, with all that it held in memory.</summary>
    public void Stop(int node)
    {
        _nodes[node]?.Dispose();
        _nodes[node] = null;
    }

    /// <summary>Lets a node run, with nothing in it.</summary>
    public void Start(int node)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, node.ToString(CultureInfo.InvariantCulture))).FullName;
        GarnetServer server = new(
        [
            "--port", _ports[node].ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--cluster", "--enable-vector-set-preview",
            "--device-type", "RandomAccess", "--checkpointdir", folder, "--logger-level", "Critical",
        ]);
        server.Start();
        _nodes[node] = server;
    }

    /// <summary>The node that holds a key.</summary>
    public int NodeOf(IConnectionMultiplexer connection, RedisKey key) => connection.HashSlot(key) / Share;

    /// <summary>Moves the slot of a key, with all that lies in it, to another node, and waits until that has it.</summary>
    public async Task MoveAsync(IConnectionMultiplexer connection, RedisKey key, int node)
    {
        int slot = connection.HashSlot(key);
        await using ConnectionMultiplexer source = await ConnectAsync(NodeOf(connection, key));
        await source.GetServer("127.0.0.1", _ports[NodeOf(connection, key)]).ExecuteAsync("MIGRATE", "127.0.0.1", _ports[node], "", 0, 30_000, "SLOTSRANGE", slot, slot);
        await using ConnectionMultiplexer target = await ConnectAsync(node);
        IServer server = target.GetServer("127.0.0.1", _ports[node]);
        for (int attempt = 0; ; attempt++)
        {
            string own = (await server.ExecuteAsync("CLUSTER", "NODES")).ToString().Split('\n').First(line => line.Contains("myself", StringComparison.Ordinal));
            if (own.Split(' ').Skip(8).SelectMany(range => range.Trim().Split('-')).Contains($"{slot}"))
            {
                return;
            }

            await (attempt < 300 ? Task.Delay(100) : throw new TimeoutException($"The slot {slot} did not arrive within 30 seconds: {own}"));
        }
    }

    public void Dispose()
    {
        for (int node = 0; node < Count; node++)
        {
            Stop(node);
        }

        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A file that is still open is left to the system's clean-up of temporary files.
        }
    }

    private int Share => (Slots / Count) + 1;

    private async Task JoinAsync()
    {
        for (int node = 0; node < Count; node++)
        {
            await using ConnectionMultiplexer connection = await ConnectAsync(node);
            IServer server = connection.GetServer("127.0.0.1", _ports[node]);
            await server.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", node * Share, Math.Min(Slots, (node + 1) * Share) - 1);
            await server.ExecuteAsync("CLUSTER", "SET-CONFIG-EPOCH", node + 1);
            for (int other = 0; other < node; other++)
            {
                await server.ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", _ports[other]);
            }
        }

        for (int node = 0; node < Count; node++)
        {
            await using ConnectionMultiplexer connection = await ConnectAsync(node);
            IServer server = connection.GetServer("127.0.0.1", _ports[node]);
            for (int attempt = 0; !await KnowsAllAsync(server); attempt++)
            {
                await (attempt < 300 ? Task.Delay(100) : throw new TimeoutException("The nodes of the cluster did not find each other within 30 seconds."));
            }
        }
    }

    private Task<ConnectionMultiplexer> ConnectAsync(int node)
        => ConnectionMultiplexer.ConnectAsync(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_ports[node]},allowAdmin=true,connectTimeout=30000"));

    private async Task<bool> KnowsAllAsync(IServer server)
    {
        string nodes = (await server.ExecuteAsync("CLUSTER", "NODES")).ToString();
        string[] lines = nodes.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // Address, flags and so on come first, the slots of a node last.
        return lines.Length == Count && lines.All(line => line.Split(' ').Length > 8);
    }
}
