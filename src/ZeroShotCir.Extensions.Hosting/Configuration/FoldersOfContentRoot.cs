using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ZeroShotCir.Extensions.Hosting.Configuration;

/// <summary>Counts relative folders from the content root of the host, wherever it was started from.</summary>
internal sealed class FoldersOfContentRoot(IHostEnvironment? environment = null) : IPostConfigureOptions<ModelOptions>, IPostConfigureOptions<GalleryOptions>
{
    public void PostConfigure(string? name, ModelOptions options) => options.Folder = Resolve(options.Folder);

    public void PostConfigure(string? name, GalleryOptions options) => options.Folder = Resolve(options.Folder);

    private string? Resolve(string? folder) => string.IsNullOrWhiteSpace(folder) || environment is null
        ? folder
        : Path.GetFullPath(folder, Path.GetFullPath(environment.ContentRootPath));
}
