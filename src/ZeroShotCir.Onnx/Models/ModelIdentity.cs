using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Identity;
using ZeroShotCir.Onnx.Tokenizers.Files;

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
    public static string Compute(ModelParts parts, OnnxModelOptions options)
    {
        using IdentityHash bytes = new();
        if (options.IdentityCache is null)
        {
            return Compute(parts, options, bytes);
        }

        using IdentityHash stamps = new(byStamp: true);
        RememberedIdentity remembered = new(options.IdentityCache, Compute(parts, options, stamps), stamps.LastWrite);
        return remembered.Read() ?? remembered.Write(Compute(parts, options, bytes));
    }

    private static string Compute(ModelParts parts, OnnxModelOptions options, IdentityHash hash)
    {
        if (parts.Joint is { } joint)
        {
            AddJoint(hash, joint, options);
            AddText(hash, parts.TextFeed);
            string variants = string.Join('+', new[] { joint.VisionPrecision, joint.TextPrecision }.OfType<ModelPrecision>().Select(variant => variant.Name).Distinct());
            string whole = $"{parts.Family}-{variants}-{hash.Finish(Digits)}";
            return joint.Dimensions == joint.FullDimensions ? whole : EncoderInfo.NameOfCut(whole, joint.Dimensions);
        }

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

    private static void AddJoint(IdentityHash hash, JointModel joint, OnnxModelOptions options)
    {
        AddFiles(hash, "image", joint.Vision);
        AddFiles(hash, "text", joint.Text);
        hash.Add("query prompt", joint.Settings.QueryPrompt);
        hash.Add("document prompt", joint.Settings.DocumentPrompt);
        hash.Add("begin of image", joint.Settings.Marks.Begin);
        hash.Add("place of image", joint.Settings.Marks.Place);
        hash.Add("end of image", joint.Settings.Marks.End);
        hash.Add("soft tokens", joint.Pixels?.Budget);
        hash.Add("patch", joint.Pixels?.PatchSize);
        hash.Add("pooling", joint.Pixels?.Pooling);
        hash.Add("filter", joint.Pixels?.Filter.ToString());
        hash.Add("rescale", joint.Pixels?.RescaleFactor ?? 0);
        hash.Add("resize order", joint.Pixels?.Order.ToString());
        hash.Add("rows together", joint.Text.MixesRows is not null && options.AllowBatchDependentRows ? options.BatchSize : null);
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
