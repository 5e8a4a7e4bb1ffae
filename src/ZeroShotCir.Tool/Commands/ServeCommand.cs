using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Tool.Screens;
using ZeroShotCir.Tool.Serving;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir serve</c>: a page to search a gallery by, for a browser on this machine.</summary>
internal sealed class ServeCommand : ToolCommand
{
    private readonly ServedGallery _gallery;
    private readonly ServerAddress _address;
    private readonly Option<string?> _title = new("--title") { Description = "The title of the page; without it, the name of the gallery.", HelpName = "TEXT" };

    public ServeCommand()
        : base("serve", "Serve a page to search a gallery by pictures, sentences, or both.", "cir serve gallery --port 5080\ncir serve gallery --store redis://localhost/photos")
    {
        _gallery = new ServedGallery(this);
        _address = new ServerAddress(this, 5080);
        Add(_title);
    }

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        // Nothing is configured by files that happen to lie in the current folder.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = Environment.CurrentDirectory });
        builder.Services.AddRoutingCore();
        _address.Apply(arguments, builder, terminal);
        ZeroShotCirBuilder search = await _gallery.RegisterAsync(arguments, builder, cancellationToken);
        search.UseImageSearch(options =>
        {
            options.Title = arguments.GetValue(_title) ?? _gallery.TitleOf(arguments);
            options.PictureFolder = _gallery.Pictures(arguments)?.FullName;
        });
        await using WebApplication application = builder.Build();
        application.UseHostFiltering();
        application.UseRouting();
        application.MapImageSearch();
        await application.StartAsync(cancellationToken);
        terminal.Out.MarkupLineInterpolated($"Serving '{_gallery.NameOf(arguments)}' at {application.Urls.First()}/. Ctrl-C ends it.");
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new OperationCanceledException(cancellationToken);
    }
}
