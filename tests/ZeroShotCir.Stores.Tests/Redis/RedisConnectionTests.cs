using System.Net;
using System.Net.Sockets;
using ZeroShotCir.Stores.Redis;

namespace ZeroShotCir.Tests.Redis;

public sealed class RedisConnectionTests
{
    [Fact]
    public async Task Nobody_who_stopped_waiting_is_kept_by_a_server_that_does_not_answer()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<RedisGalleryStore> connecting = RedisGalleryStore.ConnectAsync(
            $"redis://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/photos", cancellationToken: stop.Token);
        Assert.False(connecting.IsCompleted);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }
}
