using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ZeroShotCir.AspNetCore.Endpoints;

/// <summary>The files of the page, which are part of the assembly.</summary>
internal static class PageFiles
{
    private const string Prefix = "wwwroot/";
    private const string Policy = "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
    private static readonly Dictionary<string, (byte[] Bytes, EntityTagHeaderValue Tag)> Files = Load();

    /// <summary>A file of the page.</summary>
    /// <param name="name">Its path; empty for the page itself.</param>
    /// <param name="context">The request.</param>
    /// <returns>The file, or <see langword="null"/> where there is none of this name.</returns>
    public static IResult? Find(string? name, HttpContext context)
    {
        name = string.IsNullOrEmpty(name) ? "index.html" : name;
        if (!Files.TryGetValue(name, out (byte[] Bytes, EntityTagHeaderValue Tag) file))
        {
            return null;
        }

        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Results.Bytes(file.Bytes, MediaTypeOf(name), entityTag: file.Tag);
    }

    private static string MediaTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".json" or ".webmanifest" => "application/json",
        _ => "application/octet-stream",
    };

    private static Dictionary<string, (byte[] Bytes, EntityTagHeaderValue Tag)> Load()
    {
        Dictionary<string, (byte[], EntityTagHeaderValue)> files = new(StringComparer.Ordinal);
        foreach (string name in typeof(PageFiles).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files.Add(name[Prefix.Length..], (bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"")));
        }

        return files;
    }
}
