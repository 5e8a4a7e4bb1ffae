using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;

namespace ZeroShotCir.Tests;

/// <summary>A few pictures of the album, indexed, and a real server of them on a loopback port.</summary>
public sealed class PhotoServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private WebApplication? _application;

    public static string Model { get; } = Path.Combine(RepositoryPaths.TinyFashion, "album-models", "clip");

    public HttpClient Client { get; private set; } = null!;

    public string Photos => _folder.Of("photos");

    public string GalleryFolder => _folder.Of("gallery");

    public RetrieverMonitor Monitor => _application!.Services.GetRequiredService<RetrieverMonitor>();

    public Gallery Gallery => Monitor.Current.Gallery!;

    public async ValueTask InitializeAsync()
    {
        string trip = Path.Combine(RepositoryPaths.TinyFashion, "album", "photos", "2019", "Trip #2");
        foreach (string name in new[] { "IMG_3924.jpg", "IMG_3933.webp", "IMG_3919.png", "IMG_3943.jpg", "IMG_3937.jpg", "IMG_3902.jpg" })
        {
            Put(Path.Combine(trip, name), "2019", "Trip #2", name);
        }

        Put(Path.Combine(trip, "IMG_3924.jpg"), "best of", "a copy.jpg");
        _folder.Write("secret", "secret.txt");
        await IndexAsync();
        _application = await StartAsync([]);
        Client = ClientOf(_application);
    }

    public void Put(string source, params string[] parts)
    {
        string target = Path.Combine([Photos, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(source, target, overwrite: true);
    }

    public async Task IndexAsync()
    {
        OnnxModelFolder model = OnnxModelFolder.Open(Model);
        using OnnxImageEncoder images = model.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        await new GalleryBuilder(images, texts).BuildAsync(GalleryScan.Read(GalleryFolder, [new NamedFolder(Photos)]));
    }

    /// <summary>Another server of the same pictures, with other settings.</summary>
    public async Task<WebApplication> StartAsync(Dictionary<string, string?> settings, Action<IServiceCollection>? more = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ZeroShotCir:Model:Folder"] = Model,
            ["ZeroShotCir:Gallery:Folder"] = GalleryFolder,
            ["ZeroShotCir:Gallery:ReloadInterval"] = "00:00:00",
            ["ZeroShotCir:Web:RequestsPerSecond"] = "0",
            ["ZeroShotCir:Web:MaxUploadBytes"] = "200000",
        }).AddInMemoryCollection(settings);
        builder.Services.AddZeroShotCir(builder.Configuration).UseOnnxModel().UseSkiaDecoder().UseImageSearch();
        more?.Invoke(builder.Services);
        WebApplication application = builder.Build();
        application.MapImageSearch();
        await application.StartAsync();
        return application;
    }

    public static HttpClient ClientOf(WebApplication application) => new() { BaseAddress = new Uri(application.Urls.First()) };

    public async Task<(HttpStatusCode Status, JsonElement Body)> SearchAsync(string json)
    {
        using StringContent content = new(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Client.PostAsync("api/search", content);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async Task<string> UploadAsync(string file)
    {
        using ByteArrayContent content = new(await File.ReadAllBytesAsync(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using HttpResponseMessage response = await Client.PostAsync("api/pictures", content);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("picture").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application!.DisposeAsync();
        _folder.Dispose();
    }
}
