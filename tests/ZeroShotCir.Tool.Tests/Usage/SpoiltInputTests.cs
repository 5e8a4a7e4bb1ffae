using System.Reflection;
using System.Runtime.InteropServices;
using ZeroShotCir.Tests;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tool.Tests.Usage;

/// <summary>What the tool itself reads, spoilt in thousands of ways: read, or refused in words that name the file, never anything else.</summary>
public sealed class SpoiltInputTests : IDisposable
{
    private static readonly Assembly Tool = Assembly.LoadFrom(ToolProcess.Assembly);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Text_files_are_read_or_refused_in_words()
    {
        byte[] good = "{\"text\": \"is red\", \"id\": \"a\"}\n{\"text\": \"caf\u00e9 \\ud83d\\ude00\", \"id\": 7}\n\n{\"text\": \"\"}\n"u8.ToArray();

        Try("TextLines", "texts.jsonl", random => Mutation.Json(good, random), path => [new FileInfo(path)]);
    }

    [Fact]
    public void The_place_of_the_model_is_read_or_refused_in_words()
    {
        byte[] good = """{"folder": "models/clip", "precision": "q8"}"""u8.ToArray();

        Try("IndexedModel", "model.json", random => Mutation.Json(good, random), path => [new DirectoryInfo(Path.GetDirectoryName(path)!)]);
    }

    [Fact]
    public void Vector_files_are_read_or_refused_in_words()
    {
        byte[] good = MemoryMarshal.AsBytes<float>([1, 2, 3, 4, 5, 6]).ToArray();

        Try("VectorFile", "x.f32", random => Mutation.Bytes(good, random), path => [new FileInfo(path), 3]);
    }

    [Fact]
    public async Task Vector_files_that_cannot_be_opened_or_are_too_large_are_one_line()
    {
        string queries = _folder.File("q.f32"), huge = _folder.File("huge.f32");
        File.WriteAllBytes(queries, new byte[4]);
        using (FileStream stream = File.Create(huge))
        {
            stream.SetLength(12L << 30); // Sparse: three thousand million numbers that take no place.
        }

        await AssertRefusedAsync(_folder.File("nowhere.f32"), "cannot be read");
        await AssertRefusedAsync(Path.GetDirectoryName(queries)!, "cannot be read");
        await AssertRefusedAsync(huge, "Split it");

        async Task AssertRefusedAsync(string vectors, string expected)
        {
            ToolOutcome outcome = await ToolProcess.RunAsync("topk", "--vectors", vectors, "--queries", queries, "--dim", "1");
            Assert.Equal(1, outcome.ExitCode);
            Assert.Equal("InvalidEmbeddingException", outcome.Json.GetProperty("error").Text("type"));
            Assert.Contains(expected, outcome.Errors, StringComparison.Ordinal);
        }
    }

    private void Try(string reader, string name, Func<Random, byte[]> spoil, Func<string, object[]> arguments)
    {
        string path = _folder.File(name);
        MethodInfo read = Tool.GetTypes().Single(type => type.Name == reader).GetMethod("Read")!;
        MutationRun run = new(name, 1000, spoilt =>
        {
            File.WriteAllBytes(path, spoilt);
            read.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments(path), null);
        })
        {
            IsRefusal = e => e.GetType().Name is "InvalidDataException" or "InvalidEmbeddingException" && e.Message.Contains(name, StringComparison.Ordinal),
        };

        run.Execute(spoil);

        Assert.InRange(run.Refused, run.Count / 10, run.Count);
    }
}
