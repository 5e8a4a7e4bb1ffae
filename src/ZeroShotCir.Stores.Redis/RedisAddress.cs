using System.Globalization;
using StackExchange.Redis;

namespace ZeroShotCir.Stores.Redis;

/// <summary>An address of a gallery in a server or cluster.</summary>
internal sealed class RedisAddress
{
    private const string Expected = "expected redis://[user:password@]host[:port][,host[:port]…]/gallery";

    public required ConfigurationOptions Configuration { get; init; }

    public required string Gallery { get; init; }

    public static RedisAddress Parse(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        string[] schemes = ["redis://", "rediss://"];
        string scheme = schemes.FirstOrDefault(scheme => address.StartsWith(scheme, StringComparison.Ordinal))
            ?? throw new ArgumentException($"The address of the store does not begin with redis://: {Expected}.", nameof(address));
        string rest = address[scheme.Length..];
        int slash = rest.LastIndexOf('/');
        if (slash < 1 || slash == rest.Length - 1)
        {
            throw new ArgumentException($"The address of the store names no gallery: {Expected}.", nameof(address));
        }

        string hosts = rest[..slash];
        int at = hosts.LastIndexOf('@');
        // A search that waits for a node that is away answers nobody; and a node that comes back is found again.
        ConfigurationOptions configuration = new() { AbortOnConnectFail = true, BacklogPolicy = BacklogPolicy.FailFast, AsyncTimeout = 30_000, Ssl = scheme == "rediss://" };
        if (at >= 0)
        {
            string[] login = hosts[..at].Split(':', 2);
            configuration.User = login[0].Length > 0 ? Uri.UnescapeDataString(login[0]) : null;
            configuration.Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null;
            hosts = hosts[(at + 1)..];
        }

        foreach (string host in hosts.Split(','))
        {
            int colon = host.LastIndexOf(':');
            if (host.Length == 0 || (colon >= 0 && !ushort.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort _)))
            {
                throw new ArgumentException($"'{host}' is no host of a store: {Expected}.", nameof(address));
            }

            configuration.EndPoints.Add(colon < 0 ? host + ":6379" : host);
        }

        return new RedisAddress { Configuration = configuration, Gallery = Uri.UnescapeDataString(rest[(slash + 1)..]) };
    }
}
