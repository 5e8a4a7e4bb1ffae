using System.Text.Json;

namespace ZeroShotCir.Onnx.Models;

/// <summary>Looks into a model folder.</summary>
internal static class ModelFiles
{
    private const int MostListed = 24;
    private const long LargestJson = 16 << 20;

    /// <summary>The files of a folder and of the folders in it, for messages.</summary>
    public static string List(string folder)
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true };
        string[] files = [.. Directory.EnumerateFiles(folder, "*", options)
            .Select(file => System.IO.Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith('.'))
            .Order(StringComparer.Ordinal)];
        return files.Length switch
        {
            0 => "no files",
            <= MostListed => string.Join(", ", files),
            _ => $"{string.Join(", ", files.Take(MostListed))} and {files.Length - MostListed} more",
        };
    }

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="InvalidModelException">The file is missing, too large, not JSON or not an object; the message says where.</exception>
    public static T ReadJson<T>(string path, Func<JsonElement, T> read)
    {
        try
        {
            if (new FileInfo(path).Length > LargestJson)
            {
                throw new InvalidModelException($"'{path}' is larger than {LargestJson} bytes, too much for a configuration.");
            }

            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(document.RootElement)
                : throw new InvalidModelException($"'{path}' holds a JSON {document.RootElement.ValueKind}, expected an object.");
        }
        catch (JsonException e)
        {
            throw new InvalidModelException($"'{path}' is not JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidModelException($"'{path}' cannot be read: {e.Message}", e);
        }
    }
}
