using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Serving;

/// <summary>Where a server listens: this machine alone, unless it is told otherwise.</summary>
internal sealed class ServerAddress
{
    private readonly Option<int> _port;
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "The address to listen at: this machine alone, or 0.0.0.0 for everybody in the network.",
        HelpName = "IP",
        DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
    };

    public ServerAddress(Command command, int defaultPort)
    {
        _port = new Option<int>("--port") { Description = "The port to listen at; 0 for any that is free.", HelpName = "N", DefaultValueFactory = _ => defaultPort };
        _port.Validators.Add(result => ToolOptions.Check<int>(result, _port, port => port is >= 0 and <= 65535, "a port from 0 to 65535"));
        _listen.Validators.Add(result => ToolOptions.Check<string>(result, _listen, address => IPAddress.TryParse(address, out _), "an IP address such as 127.0.0.1 or 0.0.0.0"));
        command.Add(_port);
        command.Add(_listen);
    }

    /// <summary>Has a web application listen, and answer nobody who asks for another host: a page elsewhere must not read pictures through a name that leads here.</summary>
    public void Apply(ParseResult arguments, WebApplicationBuilder builder, IReporter reporter)
    {
        IPAddress address = IPAddress.Parse(arguments.GetRequiredValue(_listen));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, arguments.GetValue(_port));
        });
        if (IPAddress.IsLoopback(address))
        {
            builder.Services.AddHostFiltering(options => options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]", address.ToString()]);
        }
        else
        {
            builder.Services.AddHostFiltering(_ => { });
            reporter.Warn($"everybody who reaches {address} can search and see these pictures.");
        }
    }
}
