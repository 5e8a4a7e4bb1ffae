using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Hub;

/// <summary>
/// Which files of a repository a model needs: one variant of its graphs and the small files beside them. The external data of a
/// graph is named by the graph itself, once it is there.
/// </summary>
internal static class HubFileSelection
{
    private static readonly HashSet<string> CompanionFiles = new(StringComparer.Ordinal)
    {
        "config.json", "preprocessor_config.json", "processor_config.json", "config_sentence_transformers.json", "preprocess_cfg.json",
        "generation_config.json", "open_clip_config.json",
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.json", "merges.txt", "vocab.txt", "spiece.model", "tokenizer.model",
    };

    private static readonly HashSet<string> PromptFiles = new(StringComparer.Ordinal) { "chat_template.jinja", "chat_template.json" };

    /// <summary>The file that says what the model is; the others follow from it.</summary>
    public static string Description(ModelRequest request, IReadOnlyList<string> files)
        => files.Contains(ModelFamily.CustomFile) ? ModelFamily.CustomFile
            : files.Contains(ModelConfig.FileName) ? ModelConfig.FileName
            : throw Missing(request, $"has neither {ModelConfig.FileName} nor {ModelFamily.CustomFile}", files);

    /// <summary>The files that are asked for by name.</summary>
    public static IReadOnlyList<string> Named(ModelRequest request, IReadOnlyList<string> names, IReadOnlyList<string> files)
    {
        string[] missing = [.. names.Where(name => !files.Contains(name))];
        return missing.Length == 0 ? names : throw Missing(request, $"has no {string.Join(", ", missing)}", files);
    }

    /// <summary>The files that follow from the description, which lies in <paramref name="folder"/>.</summary>
    /// <exception cref="InvalidModelException">The description cannot be read or is of an unknown family.</exception>
    public static IReadOnlyList<string> Select(ModelRequest request, string folder, IReadOnlyList<string> files)
    {
        ModelFamily? family = files.Contains(ModelFamily.CustomFile) ? null : ModelFamily.For(ModelConfig.Read(folder));
        IReadOnlyList<string> graphs = family is null
            ? Described(request, CustomModel.Read(Path.Combine(folder, ModelFamily.CustomFile)), files)
            : OfFamily(request, family, files);
        HashSet<string> folders = [string.Empty, .. graphs.Select(Folder)];
        return [.. files.Where(file => graphs.Contains(file)
            || file == ModelFamily.CustomFile
            || ((CompanionFiles.Contains(FileName(file)) || (family is { ReadsPrompt: true } && PromptFiles.Contains(FileName(file)))) && folders.Contains(Folder(file))))];
    }

    private static string[] OfFamily(ModelRequest request, ModelFamily family, IReadOnlyList<string> files)
    {
        HashSet<string> present = new(files, StringComparer.Ordinal);
        IReadOnlyList<ModelPrecision> precisions = request.Precision is { } wanted ? [wanted] : ModelPrecision.All;
        string[]? graphs = (
            from precision in precisions
            from model in family.WholeModels
            from folder in family.Folders
            let names = model.Select(graph => $"{folder}{graph}{precision.Suffix}.onnx").ToArray()
            where names.All(present.Contains)
            select names).FirstOrDefault();
        return graphs ?? throw Missing(
            request, $"has no complete set of {family.Name} graphs{(request.Precision is { } asked ? $" of precision {asked}" : string.Empty)}", files);
    }

    private static IReadOnlyList<string> Described(ModelRequest request, CustomModel model, IReadOnlyList<string> files)
        => Named(request, [.. new[] { model.Image?.Graph, model.Text?.Graph }.OfType<string>().Distinct()], files);

    private static ModelHubException Missing(ModelRequest request, string what, IReadOnlyList<string> files)
    {
        const int Listed = 40;
        string[] graphs = [.. files.Where(file => file.EndsWith(".onnx", StringComparison.Ordinal)).Take(Listed)];
        return new ModelHubException(
            $"The repository '{request.Repository}' at '{request.Revision}' {what}. "
            + (graphs.Length > 0 ? $"Its graphs are: {string.Join(", ", graphs)}." : "It holds no .onnx file; look for an ONNX export of the model."))
        {
            Failure = ModelHubFailure.MissingFiles,
        };
    }

    private static string Folder(string file) => file[..(file.LastIndexOf('/') + 1)];

    private static string FileName(string file) => file[(file.LastIndexOf('/') + 1)..];
}
