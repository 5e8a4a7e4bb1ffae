using ZeroShotCir.Errors;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Tests.Graphs;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests.Models;

/// <summary>Whatever is wrong with a file of a model folder, it is told by a typed exception.</summary>
public sealed class ModelFolderMutationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Folders => [.. Kinds.Keys];

    private static Dictionary<string, Action<string>> Kinds => new()
    {
        ["clip"] = folder =>
        {
            TinyModel.WriteSettings(folder, new { model_type = "clip", projection_dim = 3, text_config = new { max_position_embeddings = 20 } });
            TinyModel.WriteClipTokenizer(folder);
            File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """
                {"tokenizer_class": "CLIPTokenizer", "model_max_length": 20, "pad_token": {"content": "<|endoftext|>"}, "do_lower_case": true}
                """);
            WriteGraphs(folder, "vision_model.onnx", "text_model.onnx");
        },
        ["processor_config"] = folder =>
        {
            TinyModel.WriteSettings(folder, new { architectures = new[] { "SiglipModel" }, model_type = "siglip" });
            File.WriteAllText(Path.Combine(folder, "processor_config.json"), $$"""
                {"image_processor": {{File.ReadAllText(Path.Combine(folder, "preprocessor_config.json"))}}, "processor_class": "SiglipProcessor"}
                """);
            File.Delete(Path.Combine(folder, "preprocessor_config.json"));
            TinyModel.WriteClipTokenizer(folder);
            WriteGraphs(folder, "vision_model.onnx", "text_model.onnx");
        },
        ["open_clip"] = folder =>
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "open_clip_config.json"), """
                {"model_cfg": {"embed_dim": 3, "vision_cfg": {"image_size": 4}, "text_cfg": {"context_length": 12, "tokenizer_kwargs": {"clean": "canonicalize"}}},
                 "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "interpolation": "bilinear", "resize_mode": "squash"}}
                """);
            TinyModel.WriteClipTokenizer(folder);
            WriteGraphs(folder, "visual.onnx", "textual.onnx");
        },
        ["described"] = folder =>
        {
            TinyModel.WriteSettings(folder, new { });
            TinyModel.WriteClipTokenizer(folder);
            WriteGraphs(folder, "v.onnx", "t.onnx");
            File.WriteAllText(Path.Combine(folder, "zeroshotcir.json"), """
                {"name": "mine", "unit_length": true, "image": {"graph": "v.onnx", "input": "pixel_values", "output": "image_embeds", "preprocessing": "preprocessor_config.json"},
                 "text": {"graph": "t.onnx", "input": "input_ids", "output": "text_embeds", "tokenizer": "", "context_length": 12, "pad_id": 3, "pad_to_context": true}}
                """);
        },
        ["tiny-fashion"] = folder => CopyWithoutGraphs(Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"), folder),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_spoilt_file_is_told_by_a_typed_exception(string kind)
    {
        Kinds[kind](_folder.Path);
        string[] files = [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        byte[][] good = [.. files.Select(File.ReadAllBytes)];
        Use(_folder.Path);
        int which = 0;
        MutationRun run = new("model folder " + kind, 600, bad =>
        {
            File.WriteAllBytes(files[which], bad);
            try
            {
                Use(_folder.Path);
            }
            catch (Exception e) when (e is not ZeroShotCirException)
            {
                throw new InvalidOperationException(Path.GetFileName(files[which]), e);
            }
            finally
            {
                File.WriteAllBytes(files[which], good[which]);
            }
        })
        {
            IsRefusal = e => e is ZeroShotCirException,
        };

        run.Execute(random =>
        {
            which = random.Next(files.Length);
            return files[which].EndsWith(".json", StringComparison.Ordinal) ? Mutation.Json(good[which], random) : Mutation.Bytes(good[which], random);
        });

        Assert.InRange(run.Refused, 1, run.Count - 1);
    }

    [Fact]
    public void A_graph_nested_without_end_is_refused()
    {
        ProtobufWriter graph = new();
        for (int depth = 0; depth < 4000; depth++)
        {
            graph = new ProtobufWriter().Message(1, new ProtobufWriter().Message(5, new ProtobufWriter().Message(6, graph)));
        }

        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        File.WriteAllBytes(_folder.File("text_model.onnx"), new ProtobufWriter().Message(7, graph).ToArray());

        Assert.Contains("nested", Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("/dev/zero")]
    [InlineData("a/../../secret.bin")]
    public void Weights_outside_of_the_folder_are_refused(string location)
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.Text().ExternalWeights("w", location, 3).Save(_folder.File("text_model.onnx"));

        Assert.Contains("outside", Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    /// <summary>All that is read of a folder. Graphs are not run: what ONNX Runtime makes of a spoilt one is its own affair.</summary>
    private static void Use(string folder)
    {
        OnnxModelFolder model = OnnxModelFolder.Open(folder);
        model.Inspect();
        if (model.Tokenizer is not null)
        {
            model.Tokenize("a b, <|endoftext|> ü");
        }

        Assert.NotEmpty(model.ModelId);
    }

    private static void WriteGraphs(string folder, string vision, string text)
    {
        TinyModel.Image().Save(Path.Combine(folder, vision));
        TinyModel.Text().Save(Path.Combine(folder, text));
    }

    /// <summary>With small graphs of the same axes, so that a mutation meets what is read.</summary>
    private static void CopyWithoutGraphs(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        TinyModel.Image(edge: 64).Save(Path.Combine(to, "onnx", "vision_model.onnx"));
        TinyModel.Text(vocabulary: 843).Save(Path.Combine(to, "onnx", "text_model.onnx"));
    }
}
