using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ZeroShotCir.Tests.Http;

/// <summary>
/// A small HTTP/1.1 server on the loopback interface which, unlike a proper one, can announce false lengths and drop connections.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<LoopbackRequest, CancellationToken, Task<LoopbackResponse>> _answer;
    private readonly Task _accepting;

    public LoopbackServer(Func<LoopbackRequest, CancellationToken, Task<LoopbackResponse>> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        // Away from a test's synchronisation context, which may have few threads.
        _accepting = Task.Run(AcceptAsync);
    }

    public LoopbackServer(Func<LoopbackRequest, LoopbackResponse> answer)
        : this((request, _) => Task.FromResult(answer(request)))
    {
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                connections.Add(Task.Run(() => ServeAsync(client)));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using NetworkStream stream = client.GetStream();
                while (await ReadAsync(stream) is { } request)
                {
                    LoopbackResponse response = await _answer(request, _stop.Token);
                    if (!await WriteAsync(stream, request, response))
                    {
                        // Half a body and a reset, as a failing network leaves it.
                        client.LingerState = new LingerOption(true, 0);
                        return;
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The other side hung up, or the server stops.
        }
    }

    private async Task<LoopbackRequest?> ReadAsync(NetworkStream stream)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head.Count < 4 || head[^1] != '\n' || head[^3] != '\n')
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] start = lines[0].Split(' ');
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        byte[] body = [];
        if (headers.TryGetValue("Content-Length", out string? length))
        {
            body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(body, _stop.Token);
        }
        else if (headers.ContainsKey("Transfer-Encoding"))
        {
            body = await ReadChunksAsync(stream);
        }

        return new LoopbackRequest(start[0], start[1], headers, body);
    }

    private async Task<byte[]> ReadChunksAsync(NetworkStream stream)
    {
        using MemoryStream body = new();
        while (true)
        {
            string size = await ReadLineAsync(stream);
            byte[] chunk = new byte[int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(chunk, _stop.Token);
            await ReadLineAsync(stream);
            if (chunk.Length == 0)
            {
                return body.ToArray();
            }

            body.Write(chunk);
        }
    }

    private async Task<string> ReadLineAsync(NetworkStream stream)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }
    }

    private async Task<bool> WriteAsync(NetworkStream stream, LoopbackRequest request, LoopbackResponse response)
    {
        StringBuilder head = new();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {response.Status} Status\r\n");
        foreach ((string name, string value) in response.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {response.AnnouncedLength ?? response.Body.Length}\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), _stop.Token);
        if (request.Method == "HEAD")
        {
            return true;
        }

        await stream.WriteAsync(response.Body.AsMemory(0, Math.Min(response.DropAfter ?? int.MaxValue, response.Body.Length)), _stop.Token);
        await stream.FlushAsync(_stop.Token);
        return response.DropAfter is null && (response.AnnouncedLength ?? response.Body.Length) == response.Body.Length;
    }
}
