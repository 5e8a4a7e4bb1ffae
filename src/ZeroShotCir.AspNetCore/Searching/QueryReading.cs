using ZeroShotCir.AspNetCore.Configuration;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.AspNetCore.Limits;
using ZeroShotCir.AspNetCore.Pictures;
using ZeroShotCir.Composition;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.AspNetCore.Searching;

/// <summary>Turns a request into a query, and refuses what makes none in words.</summary>
internal sealed class QueryReading(ImageSearchOptions limits, PictureUploads uploads)
{
    private const int MaxTexts = 16;
    private const int MaxExcluded = 1000;
    private const int MaxTurns = 16;
    private const int MaxJudged = 64;

    /// <exception cref="RequestProblem">The request says nothing, too much, or what cannot be.</exception>
    public ComposedQuery Read(SearchRequest request, RetrievalOptions defaults)
    {
        Check(request);
        CompositionStrategy strategy = StrategyOf(request, defaults);
        QueryTerm[] references = [.. request.References.Select(reference => ReadReference(reference, strategy.Roles.Contains(TermRole.Composed)))];
        return new ComposedQuery
        {
            Text = Blank(request.Text) ? null : request.Text,
            Terms = references,
            MustHave = request.MustHave,
            MustNot = request.MustNot,
            Strategy = strategy,
            Beta = request.Beta ?? defaults.Beta,
            MinScore = (float?)request.MinScore, // A score that an answer shows is to be found again, and answers write it as a float.
            ExcludedIds = [.. request.Exclude, .. request.IncludeReferences ? [] : request.References.Select(reference => reference.Item).OfType<string>()],
        };
    }

    /// <summary>Reads what becomes of earlier turns.</summary>
    /// <exception cref="RequestProblem">It is no history, or there are too many turns or turns of turns.</exception>
    public static SessionHistory ReadHistory(SearchRequest request)
    {
        AtMost(request.Turns.Count, MaxTurns, "turns");
        if (request.Turns.Any(turn => turn is null || turn.Turns.Count > 0 || turn.History is not null))
        {
            throw RequestProblem.BadRequest("A turn is a search without turns and history of its own: give all earlier ones in one list, the first one first.");
        }

        try
        {
            return request.History is { } name ? SessionHistory.Parse(name) : SessionHistory.LastTurn;
        }
        catch (FormatException e)
        {
            throw RequestProblem.BadRequest(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    public int CountOf(SearchRequest request) => request.Count ?? Math.Min(limits.Count, limits.MaxCount);

    private static CompositionStrategy StrategyOf(SearchRequest request, RetrievalOptions defaults)
    {
        if (request.Strategy is null && request.Parameters.Count == 0)
        {
            bool constrained = request.MustHave.Count + request.MustNot.Count > 0;
            bool judged = request.Liked.Count + request.Disliked.Count > 0;
            CompositionStrategy strategy = judged && !defaults.Strategy.Accepts(TermRole.Liked) ? StrategyTable.Parse("more-less")
                : constrained && !defaults.Strategy.Accepts(TermRole.MustHave) ? StrategyTable.Parse("soft")
                : defaults.Strategy;
            return strategy.WithAlpha(request.Alpha ?? defaults.Strategy.Alpha);
        }

        try
        {
            StrategyDefinition row = request.Strategy is { } name ? StrategyTable.Find(name) : defaults.Strategy.Definition;
            return row.Create(request.Parameters, request.Alpha ?? defaults.Strategy.Alpha);
        }
        catch (ArgumentException e)
        {
            // Names of C# parameters say nothing to who sent the request.
            throw RequestProblem.BadRequest(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    // A model that reads image and text together needs the picture; everybody else its embedding.
    private QueryTerm ReadReference(SearchReference reference, bool readsPictures) => reference switch
    {
        { Weight: 0 } => throw RequestProblem.BadRequest("The weight of a reference must be a number other than 0."),
        { Item: { Length: > 0 } id, Picture: null } => QueryTerm.FromItem(id, reference.Weight),
        { Item: null, Picture: { Length: > 0 } picture } when readsPictures => QueryTerm.FromImage(uploads.PictureOf(picture), reference.Weight),
        { Item: null, Picture: { Length: > 0 } picture } => QueryTerm.FromEmbedding(TermRole.Image, uploads.EmbeddingOf(picture), reference.Weight),
        _ => throw RequestProblem.BadRequest("A reference is either an item by its id, {\"item\": \"…\"}, or an uploaded picture, {\"picture\": \"…\"}."),
    };

    private void Check(SearchRequest request)
    {
        if (Blank(request.Text) && request.References.Count + request.MustHave.Count + request.Liked.Count == 0)
        {
            throw RequestProblem.BadRequest("The search says nothing. Give a text, a reference, what must be there, or an image that is liked.");
        }

        InRange(request.Alpha, 0, 1, "alpha");
        InRange(request.Beta, 0, 1, "beta");
        InRange(request.MinScore, float.MinValue, float.MaxValue, "minScore");
        InRange(request.Count, 1, limits.MaxCount, "count");
        AtMost(request.References.Count, limits.MaxReferences, "references");
        AtMost(request.MustHave.Count, MaxTexts, "must-have texts");
        AtMost(request.MustNot.Count, MaxTexts, "must-not texts");
        AtMost(request.Exclude.Count, MaxExcluded, "excluded ids");
        AtMost(request.Liked.Count + request.Disliked.Count, MaxJudged, "liked and disliked images");
        if (request.References.Any(reference => reference is null || !double.IsFinite(reference.Weight) || Math.Abs(reference.Weight) > 1000))
        {
            throw RequestProblem.BadRequest("A reference is an object, and its weight a number from -1000 to 1000.");
        }

        if (request.MustHave.Concat(request.MustNot).Any(Blank) || request.Exclude.Any(string.IsNullOrEmpty))
        {
            throw RequestProblem.BadRequest("Must-have and must-not texts and excluded ids must not be blank. Leave them out.");
        }

        if (request.Liked.Concat(request.Disliked).Any(string.IsNullOrEmpty) || request.Liked.Intersect(request.Disliked).Any())
        {
            throw RequestProblem.BadRequest("Liked and disliked images are ids, each in one of the two lists.");
        }

        if (request.MustHave.Concat(request.MustNot).Append(request.Text ?? "").Any(text => text.Length > limits.MaxTextLength))
        {
            throw RequestProblem.BadRequest($"A text has more than {limits.MaxTextLength} characters. Models read far less; say it shorter.");
        }

        if (request.From > request.To)
        {
            throw RequestProblem.BadRequest("The first day lies after the last one.");
        }
    }

    private static bool Blank(string? text) => string.IsNullOrWhiteSpace(text);

    private static void InRange(double? value, double least, double most, string name)
    {
        if (value is { } given && !(given >= least && given <= most))
        {
            throw RequestProblem.BadRequest(FormattableString.Invariant($"'{name}' must be a number from {least} to {most}; {given} was given."));
        }
    }

    private static void AtMost(int count, int most, string what)
    {
        if (count > most)
        {
            throw RequestProblem.BadRequest($"There are {count} {what}; at most {most} are taken.");
        }
    }
}
