using System.Globalization;
using System.Text.Json.Nodes;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tests.Graphs;
using ZeroShotCir.Tests.Tokenizers;

namespace ZeroShotCir.Tests.Models;

/// <summary>The identity of a model follows all that can change an embedding, each change seen alone, and nothing else.</summary>
public sealed class ModelIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Changes => [.. Matters.Keys];

    public static TheoryData<string> Indifferent => [.. DoesNotMatter.Keys];

    private static Dictionary<string, Action<string>> Matters => new()
    {
        ["image graph"] = folder => FlipByte(folder, "onnx", "vision_model.onnx"),
        ["text graph"] = folder => FlipByte(folder, "onnx", "text_model.onnx"),
        ["resize"] = folder => Edit(folder, "preprocessor_config.json", json => json["size"] = new JsonObject { ["height"] = 64, ["width"] = 64 }),
        ["filter"] = folder => Edit(folder, "preprocessor_config.json", json => json["resample"] = 2),
        ["edge"] = folder => Edit(folder, "preprocessor_config.json", json => json["size"] = new JsonObject { ["shortest_edge"] = 72 }),
        ["mean"] = folder => Edit(folder, "preprocessor_config.json", json => json["image_mean"] = new JsonArray(0.48, 0.45, 0.4082109)),
        ["std"] = folder => Edit(folder, "preprocessor_config.json", json => json["image_std"] = new JsonArray(0.26862954, 0.26130258, 0.2757771)),
        ["rescale"] = folder => Edit(folder, "preprocessor_config.json", json => json["rescale_factor"] = 0.0039),
        ["merges"] = folder => Edit(folder, "tokenizer.json", json => json["model"]!["merges"]!.AsArray().RemoveAt(json["model"]!["merges"]!.AsArray().Count - 1)),
        ["added token"] = folder => Edit(folder, "tokenizer.json", json => json["added_tokens"]![0]!["rstrip"] = true),
        ["pad token"] = folder => Edit(folder, "tokenizer_config.json", json => json["pad_token"] = "a</w>"),
        ["context length"] = folder => Edit(folder, "config.json", json => json["text_config"]!["max_position_embeddings"] = 20),
    };

    private static Dictionary<string, Action<string>> DoesNotMatter => new()
    {
        ["time"] = folder => Array.ForEach(
            Directory.GetFiles(folder, "*", SearchOption.AllDirectories),
            file => File.SetLastWriteTimeUtc(file, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc))),
        ["another file"] = folder => File.WriteAllText(Path.Combine(folder, "README.md"), "A model."),
        ["comment"] = folder => Prepend(folder, "config.json", "/* a comment */\n"),
        ["comment in the tokenizer"] = folder => Prepend(folder, "tokenizer.json", "// a comment\n"),
        ["blanks"] = folder => Edit(folder, "tokenizer.json", _ => { }),
        ["what a used tokenizer leaves"] = folder => Edit(folder, "tokenizer.json", json =>
        {
            json["truncation"] = new JsonObject { ["max_length"] = 5 };
            json["padding"] = null;
        }),
        ["a field that nothing reads"] = folder => Edit(folder, "config.json", json => json["transformers_version"] = "99"),
        ["byte order mark"] = folder => Prepend(folder, "preprocessor_config.json", "\uFEFF"),
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_remembered_identity_is_used_until_a_file_changes()
    {
        string folder = Copy("a"), memory = _folder.Of("memory");
        DoesNotMatter["time"](folder);
        string id = Id(folder);
        string Remembered() => OnnxModelFolder.Open(folder, new OnnxModelOptions { IdentityCache = memory }).ModelId;

        Assert.Equal(id, Remembered());
        string file = Assert.Single(Directory.GetFiles(memory));
        File.WriteAllText(file, "what is remembered\n");
        Assert.Equal("what is remembered", Remembered());
        File.WriteAllText(file, "what is rememb");
        Assert.Equal(id, Remembered());

        // A file that was written just now may be written again without a sign, so that nothing is kept of it.
        Matters["text graph"](folder);
        string changed = Remembered();
        Assert.NotEqual(id, changed);
        Assert.Equal(Id(folder), changed);
        Assert.Single(Directory.GetFiles(memory));
    }

    [Fact]
    public void Where_nothing_can_be_remembered_the_identity_is_worked_out()
    {
        string folder = Copy("a"), memory = _folder.Write("a file", "memory");
        DoesNotMatter["time"](folder);

        Assert.Equal(Id(folder), OnnxModelFolder.Open(folder, new OnnxModelOptions { IdentityCache = memory }).ModelId);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_that_matters_gives_another_identity(string change)
    {
        string before = Id(Copy("a"));
        string changed = Copy("b");
        Matters[change](changed);

        Assert.NotEqual(before, Id(changed));
    }

    [Fact]
    public void An_option_that_matters_gives_another_identity()
    {
        string folder = Copy("a");
        Edit(folder, "config.json", json => json["model_type"] = "siglip");
        Edit(folder, "tokenizer_config.json", json => json["tokenizer_class"] = "GemmaTokenizer");
        string before = Id(folder);

        Assert.NotEqual(before, OnnxModelFolder.Open(folder, new OnnxModelOptions { ResizeOrder = ResizeOrder.Pillow13 }).ModelId);
        Assert.Equal(before, OnnxModelFolder.Open(folder, new OnnxModelOptions { BatchSize = 3, Execution = new() { Threads = 1, MemoryArena = false } }).ModelId);
    }

    [Fact]
    public void A_pad_id_of_the_padding_block_matters_where_it_fills_texts()
    {
        Assert.NotEqual(Id(Padded("four", padToken: null, padId: 4)), Id(Padded("five", padToken: null, padId: 5)));
        Assert.Equal(Id(Padded("named four", padToken: "<pad>", padId: 4)), Id(Padded("named five", padToken: "<pad>", padId: 5)));
        Assert.Equal(5, OnnxModelFolder.Open(_folder.File("five")).Tokenizer!.PadId);
    }

    [Theory]
    [MemberData(nameof(Indifferent))]
    public void A_change_that_does_not_matter_keeps_the_identity(string change)
    {
        string before = Id(Copy("a"));
        string changed = Copy("elsewhere");
        DoesNotMatter[change](changed);

        Assert.Equal(before, Id(changed));
    }

    [Fact]
    public void The_culture_does_not_matter()
    {
        string before = Id(Copy("a"));
        CultureInfo own = CultureInfo.CurrentCulture;
        CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        other.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal(before, Id(Copy("b")));
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }

    [Fact]
    public void A_graph_that_was_away_for_a_while_is_identified_when_it_is_back()
    {
        string folder = Copy("a");
        string expected = Id(folder);
        OnnxModelFolder model = OnnxModelFolder.Open(folder);
        string graph = Path.Combine(folder, "onnx", "text_model.onnx");
        File.Move(graph, graph + ".away");
        Assert.Contains("text_model.onnx", Assert.Throws<InvalidModelException>(() => model.ModelId).Message, StringComparison.Ordinal);
        File.Move(graph + ".away", graph);

        Assert.Equal(expected, model.ModelId);
    }

    private static string Id(string folder) => OnnxModelFolder.Open(folder).ModelId;

    private string Copy(string name)
    {
        string model = Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");
        foreach (string file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            string target = _folder.File(name, Path.GetRelativePath(model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return _folder.File(name);
    }

    /// <summary>A folder whose texts are filled up with a named token or else with the id of the tokenizer's padding block.</summary>
    private string Padded(string name, string? padToken, int padId)
    {
        string folder = _folder.File(name);
        ReferenceTokenizer tokenizer = ReferenceTokenizer.Read("gemma");
        tokenizer.Json["padding"]!["pad_id"] = padId;
        TinyModel.WriteSettings(folder, new { model_type = "clip" });
        TinyModel.Text(vocabulary: tokenizer.Tokens.Length).Save(Path.Combine(folder, "onnx", "text_model.onnx"));
        tokenizer.SaveJson(Path.Combine(folder, "tokenizer.json"));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), new JsonObject { ["tokenizer_class"] = "GemmaTokenizer", ["pad_token"] = padToken }.ToJsonString());
        return folder;
    }

    private static void FlipByte(params string[] parts)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(parts));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(parts), bytes);
    }

    private static void Edit(string folder, string file, Action<JsonObject> edit)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, file)))!.AsObject();
        edit(json);
        File.WriteAllText(Path.Combine(folder, file), json.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = file.Length % 2 == 0 }));
    }

    private static void Prepend(string folder, string file, string text)
        => File.WriteAllText(Path.Combine(folder, file), text + File.ReadAllText(Path.Combine(folder, file)));
}
