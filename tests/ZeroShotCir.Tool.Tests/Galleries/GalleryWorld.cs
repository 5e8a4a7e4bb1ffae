using System.Text;
using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Galleries;

/// <summary>A folder of pictures of TinyFashion, some of them bad, for the commands that make and search galleries.</summary>
internal sealed class GalleryWorld : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static string Model { get; } = Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");

    public string Images => _folder.Of("images");

    public string Gallery => _folder.Of("gallery");

    public string Of(params string[] parts) => _folder.Of(parts);

    /// <summary>Copies the first pictures there are; their ids are the file names.</summary>
    public string[] AddPictures(int count)
    {
        Directory.CreateDirectory(Images);
        return
        [
            .. Directory.GetFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).Order(StringComparer.Ordinal).Take(count).Select(file =>
            {
                string name = Path.GetFileName(file);
                File.Copy(file, Path.Combine(Images, name));
                return name;
            }),
        ];
    }

    /// <summary>One picture of each kind that cannot be used, in the order of their ids.</summary>
    public string[] AddBadPictures()
    {
        byte[] good = File.ReadAllBytes(Directory.GetFiles(Images, "*.png")[0]);
        byte[] huge = (byte[])good.Clone();
        huge.AsSpan(16, 8).Fill(0x7F); // Width and height in the header.
        Dictionary<string, byte[]> bad = new()
        {
            ["x-corrupt.jpg"] = [0xFF, 0xD8, 0xFF, 1, 2, 3],
            ["x-cut.png"] = good[..(good.Length / 2)],
            ["x-empty.png"] = [],
            ["x-huge.png"] = huge,
            ["x-text.png"] = Encoding.UTF8.GetBytes("This is no picture."),
        };
        foreach ((string name, byte[] content) in bad)
        {
            File.WriteAllBytes(Path.Combine(Images, name), content);
        }

        return [.. bad.Keys];
    }

    public Task<ToolOutcome> IndexAsync(params string[] more)
        => ToolProcess.RunAsync(["index", "--model", Model, "--images", Images, "--out", Gallery, .. more]);

    public Task<ToolOutcome> SearchAsync(params string[] more) => ToolProcess.RunAsync(["search", "--gallery", Gallery, .. more]);

    public static string[] Ids(ToolOutcome search)
        => [.. search.Json.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("id").GetString()!)];

    /// <summary>The raw embeddings that <c>cir embed</c> writes, read byte by byte.</summary>
    public async Task<float[][]> EmbedAsync(params string[] what)
    {
        string file = Of("embeddings.safetensors");
        ToolOutcome outcome = await ToolProcess.RunAsync(["embed", "--model", Model, .. what, "--out", file]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        byte[] bytes = File.ReadAllBytes(file);
        int start = 8 + (int)BitConverter.ToInt64(bytes);
        JsonElement tensor = JsonDocument.Parse(bytes.AsMemory(8, start - 8)).RootElement.GetProperty("embeddings");
        (int rows, int dimensions) = (tensor.GetProperty("shape")[0].GetInt32(), tensor.GetProperty("shape")[1].GetInt32());
        start += tensor.GetProperty("data_offsets")[0].GetInt32();
        return
        [
            .. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, dimensions)
                .Select(i => BitConverter.ToSingle(bytes, start + (((row * dimensions) + i) * sizeof(float)))).ToArray()),
        ];
    }

    public void Dispose() => _folder.Dispose();
}
