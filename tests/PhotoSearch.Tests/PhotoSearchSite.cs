using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PuppeteerSharp;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Tests;

namespace PhotoSearch.Tests;

/// <summary>The application of <c>samples/PhotoSearch</c> over a part of the album, with captions, and a browser to look at it.</summary>
public sealed class PhotoSearchSite : IAsyncLifetime
{
    private static readonly Dictionary<string, string[]> Captions = JsonSerializer.Deserialize<Dictionary<string, string[]>>(
        File.ReadAllText(Path.Combine(RepositoryPaths.TinyFashion, "album", "captions.json")))!;
    private readonly TemporaryFolder _folder = new();
    private WebApplication? _application;
    private IBrowser? _browser;

    /// <summary>A picture that the gallery does not have.</summary>
    public static string Unknown => Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images", "TFD00000.png");

    /// <summary>The number of pictures of the gallery.</summary>
    public int Images { get; private set; }

    /// <summary>The address of the page.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The first caption of a picture; empty for one without.</summary>
    public static string CaptionOf(string id) => Captions.TryGetValue(id, out string[]? captions) ? captions[0] : "";

    /// <summary>A file that is no picture.</summary>
    public string NoPicture => _folder.Write("Milk, eggs, bread", "shopping.jpg");

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Path is null)
        {
            return;
        }

        string gallery = await BuildGalleryAsync();
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.Path });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["ZeroShotCir:Model:Folder"] = Path.Combine(RepositoryPaths.TinyFashion, "album-models", "clip"),
            ["ZeroShotCir:Gallery:Folder"] = gallery,
            ["ZeroShotCir:Web:Title"] = "Photo search",
        });
        builder.Services.AddZeroShotCir(builder.Configuration).UseOnnxModel().UseSkiaDecoder().UseImageSearch();
        _application = builder.Build();
        _application.MapImageSearch();
        await _application.StartAsync();
        Address = _application.Urls.First() + "/";

        // Chromium's sandbox refuses the superuser, whom containers like to be.
        string[] arguments = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [];
        _browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = Chromium.Path, Headless = true, Args = arguments });
    }

    /// <summary>Opens the page in a context of its own, and waits until it is ready.</summary>
    public async Task<PhotoPage> OpenAsync(int width = 1280, int height = 900, bool dark = false)
    {
        Assert.SkipWhen(_browser is null, Chromium.Missing);
        IPage page = await (await _browser!.CreateBrowserContextAsync()).NewPageAsync();
        return await PhotoPage.OpenAsync(page, Address, width, height, dark);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<string> BuildGalleryAsync()
    {
        string album = Path.Combine(RepositoryPaths.TinyFashion, "album"), photos = _folder.Of("photos");
        string[] endings = [".jpg", ".jpeg", ".png", ".webp"];
        foreach (string id in Captions.Keys.Where(id => (id.StartsWith("2012/", StringComparison.Ordinal)
            || id.StartsWith("2019/", StringComparison.Ordinal)) && endings.Contains(Path.GetExtension(id).ToLowerInvariant())))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(photos, id))!);
            File.Copy(Path.Combine(album, "photos", id), Path.Combine(photos, id));
        }

        // A copy under another name, to be folded, and days that differ.
        string first = Directory.GetFiles(photos, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.Copy(first, Path.Combine(photos, "a copy" + Path.GetExtension(first)));
        foreach (string file in Directory.GetFiles(photos, "*", SearchOption.AllDirectories))
        {
            bool isOld = file.Contains("/2012/", StringComparison.Ordinal) || file.Contains("\\2012\\", StringComparison.Ordinal);
            File.SetLastWriteTimeUtc(file, new DateTime(isOld ? 2012 : 2019, 6, 15, 12, 0, 0, DateTimeKind.Utc));
        }

        OnnxModelFolder model = OnnxModelFolder.Open(Path.Combine(RepositoryPaths.TinyFashion, "album-models", "clip"));
        using var imageEncoder = model.CreateImageEncoder(new SkiaImageDecoder());
        using var textEncoder = model.CreateTextEncoder();
        string gallery = _folder.Of("gallery");
        GalleryScan scan = GalleryScan.Read(gallery, [new NamedFolder(photos)]);
        Images = scan.Images.Count;
        await new GalleryBuilder(imageEncoder, textEncoder).BuildAsync(scan, Captions.ToDictionary(caption => caption.Key, caption => (IReadOnlyList<string>)caption.Value));
        return gallery;
    }
}
