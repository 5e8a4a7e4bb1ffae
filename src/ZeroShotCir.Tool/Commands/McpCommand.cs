using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Screens;
using ZeroShotCir.Tool.Serving;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir mcp</c>: the gallery as tools of an agent, by the Model Context Protocol over standard input and output, or HTTP.</summary>
internal sealed class McpCommand : ToolCommand
{
    private readonly ServedGallery _gallery;
    private readonly ServerAddress _address;
    private readonly Option<bool> _http = new("--http") { Description = "Serve HTTP at --listen and --port, instead of standard input and output." };

    public McpCommand()
        : base("mcp", "Let an agent search a gallery: a server of the Model Context Protocol.", "cir mcp gallery")
    {
        _gallery = new ServedGallery(this);
        Add(_http);
        _address = new ServerAddress(this, 5081);
    }

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(_http))
        {
            await ServeHttpAsync(arguments, terminal, cancellationToken);
        }
        else
        {
            await ServeStandardStreamsAsync(arguments, cancellationToken);
        }

        return ToolResult.From(new ServedDocument(_gallery.NameOf(arguments)), json => json.ServedDocument);
    }

    private async Task ServeStandardStreamsAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = Environment.CurrentDirectory });
        await _gallery.RegisterAsync(arguments, builder, cancellationToken);
        builder.Services.AddSingleton<AgentSessions>();
        builder.Services.AddSingleton(services => new ServedPictures(services.GetRequiredService<RetrieverMonitor>(), _gallery.Pictures(arguments)));
        builder.Services.AddMcpServer(Describe).WithStdioServerTransport().WithTools<SearchTools>();
        using IHost host = builder.Build();
        await host.RunAsync(cancellationToken); // Until the agent closes standard input.
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task ServeHttpAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = Environment.CurrentDirectory });
        builder.Services.AddRoutingCore();
        _address.Apply(arguments, builder, terminal);
        await _gallery.RegisterAsync(arguments, builder, cancellationToken);
        builder.Services.AddSingleton<AgentSessions>();
        builder.Services.AddSingleton(services => new ServedPictures(services.GetRequiredService<RetrieverMonitor>(), _gallery.Pictures(arguments)));
        builder.Services.AddMcpServer(Describe).WithHttpTransport().WithTools<SearchTools>();
        await using WebApplication application = builder.Build();
        application.UseHostFiltering();
        application.UseRouting();
        application.MapMcp();
        await application.StartAsync(cancellationToken);
        terminal.Out.MarkupLineInterpolated($"Serving '{_gallery.NameOf(arguments)}' to agents at {application.Urls.First()}/. Ctrl-C ends it.");
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static void Describe(McpServerOptions options)
    {
        options.ServerInfo = new Implementation { Name = "cir", Title = "Composed image retrieval", Version = typeof(McpCommand).Assembly.GetName().Version!.ToString(3) };
        options.ServerInstructions = "Search a gallery of images by text, by an image, or by an image and a text that says what should be different. "
            + "Ids of hits can be given back as 'like'.";
    }
}
