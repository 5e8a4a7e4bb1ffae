using System.ComponentModel;
using System.Globalization;
using System.Text;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ZeroShotCir.Composition;
using ZeroShotCir.Errors;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tool.Serving;

/// <summary>What an agent can do with a gallery. Answers are bounded: so many hits, and small copies of their pictures.</summary>
[McpServerToolType]
internal sealed class SearchTools(RetrieverMonitor monitor, IImageShrinker shrinker)
{
    private const int MaxHits = 20;
    private const int Edge = 256;
    private const int MaxFolders = 40;
    private const long MaxFileBytes = 64L << 20;
    private const int MaxImageCharacters = 28 << 20;

    [McpServerTool(Name = "search_images", Title = "Search images", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Finds the images of the gallery that fit a text, look like an image, or look like an image changed as the text says. "
        + "Give at least one of text, image, like and must_have. "
        + "Answers with one text block and one small picture for each hit, best first.")]
    public async Task<CallToolResult> SearchImagesAsync(
        [Description("What the image shows, or how it differs from the reference image, such as 'the same dress in red'.")] string? text = null,
        [Description("A reference image: the base64 of a JPEG, PNG or WebP file.")] string? image = null,
        [Description("The id of an image of the gallery, as a search returned it, to be the reference image.")] string? like = null,
        [Description("Texts that the image must fit.")] string[]? must_have = null,
        [Description("Texts that the image must not fit.")] string[]? must_not = null,
        [Description("How many images to find, 1 to 20.")] int count = 5,
        [Description("How much the text counts against the reference image, from 0 to 1; left out, 0.8.")] double? alpha = null,
        CancellationToken cancellationToken = default)
    {
        try
        {
            ComposedQuery query = Read(text, image, like, must_have ?? [], must_not ?? [], count, alpha);
            ComposedImageRetriever retriever = monitor.Current;
            IReadOnlyList<FoldedHit<RetrievalResult>> hits = await DuplicateFolding.SearchAsync<RetrievalResult>(
                retriever.Gallery!, count, async k => await retriever.SearchAsync(query, k, cancellationToken), hit => hit.Item.Ordinal, cancellationToken);
            return new CallToolResult { Content = [.. hits.SelectMany((hit, place) => Describe(retriever.Gallery!, place + 1, hit))] };
        }
        catch (Exception e) when (e is ZeroShotCirException or ArgumentException or FormatException)
        {
            // An agent's mistake is answered; thrown, it would be the server's, with a stack trace in its log.
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = e.Message.Split(" (Parameter", 2)[0] }] };
        }
    }

    [McpServerTool(Name = "describe_gallery", Title = "Describe the gallery", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Tells how many images and captions the gallery has, its folders, and how its images can be searched.")]
    public string DescribeGallery()
    {
        Gallery gallery = monitor.Current.Gallery!;
        IEnumerable<IGrouping<string, string>> folders = Enumerable.Range(0, gallery.OrdinalCount)
            .Where(ordinal => !gallery.IsRemoved(ordinal))
            .GroupBy(ordinal => FolderOf(gallery.IdOf(ordinal)), ordinal => "", StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal);
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{gallery.Count} images, {gallery.CaptionCount} captions, embeddings of {gallery.Dimensions} dimensions.");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"A text weighs {monitor.Defaults.Strategy.Alpha} against a reference image, captions {monitor.Defaults.CaptionWeight} against images.");
        foreach (IGrouping<string, string> folder in folders.Take(MaxFolders))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{(folder.Key.Length == 0 ? "(top)" : folder.Key)}: {folder.Count()} images");
        }

        return text.ToString();
    }

    private static ComposedQuery Read(string? text, string? image, string? like, string[] mustHave, string[] mustNot, int count, double? alpha)
    {
        if (count is < 1 or > MaxHits)
        {
            throw new ArgumentException($"'count' is {count}; expected a number from 1 to {MaxHits}.");
        }

        if (image is { Length: > MaxImageCharacters })
        {
            throw new ArgumentException($"'image' has {image.Length} characters; at most {MaxImageCharacters} are read. Shrink the image.");
        }

        CompositionStrategy strategy = mustHave.Length + mustNot.Length > 0 ? StrategyTable.Parse("soft") : CompositionStrategy.Weighted;
        return new ComposedQuery
        {
            Text = string.IsNullOrWhiteSpace(text) ? null : text,
            Image = string.IsNullOrEmpty(image) ? null : ImageData.FromBytes(Convert.FromBase64String(image), "the given image"),
            Terms = string.IsNullOrEmpty(like) ? [] : [QueryTerm.OfItem(like)],
            ExcludedIds = string.IsNullOrEmpty(like) ? [] : [like],
            MustHave = mustHave,
            MustNot = mustNot,
            Strategy = alpha is { } weight ? strategy.WithAlpha(weight) : strategy,
        };
    }

    private IEnumerable<ContentBlock> Describe(Gallery gallery, int rank, FoldedHit<RetrievalResult> hit)
    {
        RetrievalResult result = hit.Hit;
        string caption = result.Item.Captions.Count == 0 ? "" : $"\n{string.Join("; ", result.Item.Captions)}";
        string copies = hit.Copies.Count == 0 ? "" : $"\nthe same picture: {string.Join(", ", hit.Copies.Select(copy => copy.Id))}";
        yield return new TextContentBlock { Text = string.Create(CultureInfo.InvariantCulture, $"{rank}. id: {result.Id}\nscore: {result.Score:F4}{caption}{copies}") };
        if (Shrink(gallery, result.Item.Ordinal) is { } picture)
        {
            yield return ImageContentBlock.FromBytes(picture.Data, picture.MediaType);
        }
    }

    // An agent is better served by a hit without its picture than by none.
    private ImageData? Shrink(Gallery gallery, int ordinal)
    {
        try
        {
            return gallery.FileOf(ordinal) is { } file ? shrinker.ToJpeg(ImageData.FromFile(file, MaxFileBytes), Edge) : null;
        }
        catch (InvalidImageException)
        {
            return null;
        }
    }

    private static string FolderOf(string id) => id.LastIndexOf('/') is > 0 and var end ? id[..end] : "";
}
