using System.Text.Json;
using ZeroShotCir.Evaluator.Output;

namespace ZeroShotCir.Evaluator.Input;

/// <summary>Where the model of a gallery folder is, in a file beside the gallery's own; the gallery itself knows which model it is, but not where.</summary>
internal sealed record IndexedModel(string Folder, string? Precision)
{
    private const string FileName = "model.json";

    /// <summary>What the folder says; <see langword="null"/> where it says nothing.</summary>
    /// <exception cref="InvalidDataException">The file is malformed.</exception>
    public static IndexedModel? Read(DirectoryInfo gallery)
    {
        string path = Path.Combine(gallery.FullName, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ToolJson.Default.IndexedModel) : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The file '{path}', which tells where the gallery's model is, is malformed: {e.Message} Delete it and give --model.", e);
        }
    }

    public void Write(DirectoryInfo gallery)
        => ToolResult.Of(this, ToolJson.Default.IndexedModel).WriteTo(new FileInfo(Path.Combine(gallery.FullName, FileName)));
}
