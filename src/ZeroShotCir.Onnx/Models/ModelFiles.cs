using System.Text.Json;
using ZeroShotCir.Json;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Models;

/// <summary>Looks into a model folder.</summary>
internal static class ModelFiles
{
    private const int MostListed = 24;

    private static readonly JsonFormat Format = new("configuration", (message, cause) => new InvalidModelException(message, cause))
    {
        MaxBytes = 16 << 20,
        IsLenient = true,
        Remedy = "Copy the file again from where the model was published.",
    };

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

    /// <summary>Opens a JSON object, of which each field tells what is wrong with it.</summary>
    /// <exception cref="InvalidModelException">The file is missing, too large, not JSON or not an object; the message says where.</exception>
    public static JsonField Open(string path) => JsonFile.Read(path, Format).Object();

    /// <summary>Opens a JSON object of a folder, or nothing where there is no such file.</summary>
    /// <exception cref="InvalidModelException">The file is there, and too large, not JSON or not an object.</exception>
    public static JsonField? OpenIfThere(string folder, string file)
    {
        string path = System.IO.Path.Combine(folder, file);
        return File.Exists(path) ? Open(path) : null;
    }

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="InvalidModelException">The file is missing, too large, not JSON or not an object; the message says where.</exception>
    public static T ReadJson<T>(string path, Func<JsonElement, T> read)
    {
        JsonField root = JsonFile.Read(path, Format).Object();
        try
        {
            return read(root.Element);
        }
        catch (InvalidOperationException e)
        {
            throw Format.Fault(path, $"has a text that is not Unicode: {e.Message}", e);
        }
    }
}
