using System.ComponentModel;
using System.Globalization;
using System.Text;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ZeroShotCir.Composition;
using ZeroShotCir.Errors;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Tool.Serving;

/// <summary>What an agent can do with a gallery. Answers are bounded: so many hits, and small copies of their pictures.</summary>
[McpServerToolType]
internal sealed class SearchTools(RetrieverMonitor monitor, ServedPictures pictures, AgentSessions sessions, IImageShrinker shrinker)
{
    private const int MaxHits = 20;
    private const int Edge = 256;
    private const int MaxFolders = 40;
    private const int MaxNameLength = 64;
    private const long MaxFileBytes = 64L << 20;
    private const int MaxImageCharacters = 28 << 20;

    [McpServerTool(Name = "search_images", Title = "Search images", ReadOnly = true, Idempotent = false, OpenWorld = false)]
    [Description("Finds the images of the gallery that fit a text, look like an image, or look like an image changed as the text says. "
        + "Give at least one of text, image, like, must_have and liked. Searches of one session go on from each other. "
        + "Answers with one text block and one small picture for each hit, best first.")]
    public async Task<CallToolResult> SearchImagesAsync(
        McpServer server,
        [Description("What the image shows, or how it differs from the reference image, such as 'the same dress in red'.")] string? text = null,
        [Description("A reference image: the base64 of a JPEG, PNG or WebP file.")] string? image = null,
        [Description("The id of an image of the gallery, as a search returned it, to be the reference image.")] string? like = null,
        [Description("Texts that the image must fit.")] string[]? must_have = null,
        [Description("Texts that the image must not fit.")] string[]? must_not = null,
        [Description("Ids of images that were found and show more of what is wanted.")] string[]? liked = null,
        [Description("Ids of images that were found and are not wanted.")] string[]? disliked = null,
        [Description("A name of your choice for a search in several turns: give the same one again to go on.")] string? session = null,
        [Description("With a session: what becomes of earlier turns. last-turn (they are forgotten, but for what was liked and disliked), mean-of-texts, "
            + "joined-texts, mean-of-queries, fading, or rocchio; left out, last-turn.")] string? history = null,
        [Description("With a session: how many of its turns are taken back before this one.")] int back = 0,
        [Description("How many images to find, 1 to 20.")] int count = 5,
        [Description("How much the text counts against the reference image, from 0 to 1; left out, 0.8.")] double? alpha = null,
        CancellationToken cancellationToken = default)
    {
        try
        {
            ComposedQuery query = Read(text, image, like, must_have ?? [], must_not ?? [], (liked ?? []).Length + (disliked ?? []).Length > 0, count, alpha);
            AgentTurn turn = new(query, liked ?? [], disliked ?? []);
            ComposedImageRetriever retriever = monitor.Current;
            Action? take = null;
            if (SessionOf(server, session, history, back) is { } named)
            {
                (query, take) = await sessions.ComposeAsync(named, back, turn, SessionHistory.Parse(history ?? SessionHistory.LastTurn.Name), retriever, cancellationToken);
            }
            else
            {
                query = turn.WithJudgments();
            }

            GallerySearchStatistics statistics = new();
            IReadOnlyList<FoldedHit<RetrievalResult>> hits = await DuplicateFolding.SearchAsync<RetrievalResult>(
                count,
                async k =>
                {
                    RetrievalRanking ranking = await retriever.SearchAsync(query, k, cancellationToken);
                    statistics = ranking.Statistics;
                    return ranking;
                },
                hit => pictures.ContentOf(hit.Id),
                cancellationToken);
            take?.Invoke();
            return new CallToolResult { Content = [.. hits.SelectMany((hit, place) => Describe(place + 1, hit)), .. Reserves(statistics)] };
        }
        catch (Exception e) when (e is ZeroShotCirException or ArgumentException or FormatException)
        {
            // An agent's mistake is answered; thrown, it would be the server's, with a stack trace in its log.
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = e.Message.Split(" (Parameter", 2)[0] }] };
        }
    }

    [McpServerTool(Name = "describe_gallery", Title = "Describe the gallery", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Tells how many images and captions the gallery has, its folders, and how its images can be searched.")]
    public async Task<string> DescribeGalleryAsync(CancellationToken cancellationToken = default)
    {
        StringBuilder text = new();
        Gallery? gallery = monitor.Gallery;
        if (monitor.Store is { } store)
        {
            StoreDescription? description = await store.GetDescriptionAsync(cancellationToken);
            text.AppendLine(CultureInfo.InvariantCulture, $"{await store.CountAsync(cancellationToken)} images, embeddings of {description?.Dimensions} dimensions.");
        }
        else
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{gallery!.Count} images, {gallery.CaptionCount} captions, embeddings of {gallery.Dimensions} dimensions.");
        }

        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"A text weighs {monitor.Defaults.Strategy.Alpha} against a reference image, captions {monitor.Defaults.Beta} against images.");
        foreach ((string folder, int count) in gallery is null ? [] : FoldersOf(gallery))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{(folder.Length == 0 ? "(top)" : folder)}: {count} images");
        }

        return text.ToString();
    }

    private static IEnumerable<(string Folder, int Count)> FoldersOf(Gallery gallery) => Enumerable.Range(0, gallery.OrdinalCount)
        .Where(ordinal => !gallery.IsRemoved(ordinal))
        .CountBy(ordinal => ItemFolder.FromId(gallery.IdOf(ordinal)), StringComparer.Ordinal)
        .OrderByDescending(group => group.Value).ThenBy(group => group.Key, StringComparer.Ordinal)
        .Take(MaxFolders)
        .Select(group => (group.Key, group.Value));

    // What an answer of a store may lack, the agent should know.
    private static IEnumerable<ContentBlock> Reserves(GallerySearchStatistics statistics)
    {
        if (statistics.IsApproximate)
        {
            string depth = statistics.Depth is { } looked ? string.Create(CultureInfo.InvariantCulture, $" {looked} candidates were looked at.") : "";
            string approximate = $"This answer is approximate: a better image may not have been looked at.{depth}";
            yield return new TextContentBlock { Text = string.Join(' ', [approximate, .. statistics.Missing]) };
        }
    }

    // Agents of one server may choose the same names.
    private static string? SessionOf(McpServer server, string? session, string? history, int back) => session switch
    {
        null or "" => history is null && back == 0 ? null : throw new ArgumentException("'history' and 'back' are about the turns of a session: give 'session', too."),
        { Length: > MaxNameLength } => throw new ArgumentException($"'session' has {session.Length} characters; at most {MaxNameLength} are taken."),
        _ => $"{server.SessionId}/{session}",
    };

    private static ComposedQuery Read(
        string? text, string? image, string? like, string[] mustHave, string[] mustNot, bool isJudged, int count, double? alpha)
    {
        if (count is < 1 or > MaxHits)
        {
            throw new ArgumentException($"'count' is {count}; expected a number from 1 to {MaxHits}.");
        }

        if (image is { Length: > MaxImageCharacters })
        {
            throw new ArgumentException($"'image' has {image.Length} characters; at most {MaxImageCharacters} are read. Shrink the image.");
        }

        CompositionStrategy strategy = isJudged ? StrategyTable.Parse("more-less")
            : mustHave.Length + mustNot.Length > 0 ? StrategyTable.Parse("soft")
            : CompositionStrategy.Weighted;
        return new ComposedQuery
        {
            Text = string.IsNullOrWhiteSpace(text) ? null : text,
            Image = string.IsNullOrEmpty(image) ? null : ImageData.FromBytes(Convert.FromBase64String(image), "the given image"),
            Terms = string.IsNullOrEmpty(like) ? [] : [QueryTerm.FromItem(like)],
            ExcludedIds = string.IsNullOrEmpty(like) ? [] : [like],
            MustHave = mustHave,
            MustNot = mustNot,
            Strategy = alpha is { } weight ? strategy.WithAlpha(weight) : strategy,
        };
    }

    private IEnumerable<ContentBlock> Describe(int rank, FoldedHit<RetrievalResult> hit)
    {
        RetrievalResult result = hit.Hit;
        string caption = result.Item.Captions.Count == 0 ? "" : $"\n{string.Join("; ", result.Item.Captions)}";
        string copies = hit.Copies.Count == 0 ? "" : $"\nthe same picture: {string.Join(", ", hit.Copies.Select(copy => copy.Id))}";
        yield return new TextContentBlock { Text = string.Create(CultureInfo.InvariantCulture, $"{rank}. id: {result.Id}\nscore: {result.Score:F4}{caption}{copies}") };
        if (Shrink(result.Id) is { } picture)
        {
            yield return ImageContentBlock.FromBytes(picture.Data, picture.MediaType);
        }
    }

    // An agent is better served by a hit without its picture than by none.
    private ImageData? Shrink(string id)
    {
        try
        {
            return pictures.FileOf(id) is { } file ? shrinker.ToJpeg(ImageData.FromFile(file, MaxFileBytes), Edge) : null;
        }
        catch (InvalidImageException)
        {
            return null;
        }
    }
}
