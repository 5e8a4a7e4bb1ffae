using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Identity;
using ZeroShotCir.Onnx.Tokenizers;

namespace ZeroShotCir.Onnx.Models;

/// <summary>
/// Names a model by all that can change an embedding and by nothing else: family and precision in words, and a hash of the
/// fields listed here, of the graphs and of the tokenizer.
/// </summary>
internal static class ModelIdentity
{
    private const int Digits = 16;

    /// <summary>Hashes every byte of the graphs and their external weights, and what else shapes embeddings.</summary>
    /// <exception cref="InvalidModelException">A file cannot be read.</exception>
    public static string Of(ModelParts parts, OnnxModelOptions options)
    {
        using IdentityHash hash = new();
        AddGraph(hash, "image", parts.Image, options);
        AddPreprocessing(hash, parts.Preprocessing);
        AddGraph(hash, "text", parts.Text, options);
        AddText(hash, parts.TextFeed);
        string precision = string.Join('+', new[] { parts.Image, parts.Text }.OfType<EncoderGraph>().Select(graph => graph.Precision?.Name ?? "custom").Distinct());
        return $"{parts.Family}-{precision}-{hash.Finish(Digits)}";
    }

    /// <summary>Adds what happens to images.</summary>
    public static void AddPreprocessing(IdentityHash hash, ImagePreprocessing? preprocessing)
    {
        hash.Add("preprocessing", preprocessing is not null);
        if (preprocessing is null)
        {
            return;
        }

        hash.Add("padded to", preprocessing.Padding is { } padding ? padding.Ratio : 0);
        hash.Add("resize", preprocessing.Resize.ToString());
        AddSize(hash, "size", preprocessing.Size);
        hash.Add("resize order", preprocessing.ResizeOrder.ToString());
        hash.Add("filter", preprocessing.Filter.ToString());
        AddSize(hash, "crop", preprocessing.Crop);
        hash.Add("crop rounding", preprocessing.CropRounding.ToString());
        hash.Add("fill", (long)preprocessing.FillValue);
        hash.Add("rescale", preprocessing.RescaleFactor);
        AddChannels(hash, "mean", preprocessing.Mean);
        AddChannels(hash, "std", preprocessing.Std);
    }

    /// <summary>Adds every byte of a graph and of its external weights.</summary>
    public static void AddFiles(IdentityHash hash, string role, OnnxGraphFile? graph)
    {
        hash.Add(role, graph is not null);
        foreach (string path in graph?.Files ?? [])
        {
            hash.AddFile(path);
        }
    }

    private static void AddGraph(IdentityHash hash, string role, EncoderGraph? graph, OnnxModelOptions options)
    {
        AddFiles(hash, role, graph?.File);
        if (graph is null)
        {
            return;
        }

        foreach (GraphFeed feed in graph.Feeds)
        {
            hash.Add(feed.Tensor.Name, feed.Kind.ToString());
        }

        hash.Add("output", graph.Output.Name);
        hash.Add("unit length", graph.UnitLength);
        hash.Add("rows together", graph.File.MixesRows is not null && options.AllowBatchDependentRows ? options.BatchSize : null);
    }

    private static void AddText(IdentityHash hash, TextFeed? feed)
    {
        hash.Add("context", feed?.ContextLength);
        hash.Add("padding", feed?.PadId);
        hash.Add("cleaning", feed?.Cleaning.ToString());
        if (feed is not null)
        {
            TokenizerFiles.AddTo(hash, feed.Folder, TokenizerSettings.Read(feed.Folder, feed.Use));
        }
    }

    private static void AddSize(IdentityHash hash, string name, ImageSize? size)
    {
        hash.Add(name, size?.Width);
        hash.Add(name, size?.Height);
    }

    private static void AddChannels(IdentityHash hash, string name, RgbValues values)
    {
        hash.Add(name, values.Red);
        hash.Add(name, values.Green);
        hash.Add(name, values.Blue);
    }
}
