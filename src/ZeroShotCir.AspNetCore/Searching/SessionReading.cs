using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.AspNetCore.Limits;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.AspNetCore.Searching;

/// <summary>Goes on from the turns that a request brings along: the server keeps no session.</summary>
internal sealed class SessionReading(QueryReading queries)
{
    /// <summary>What is searched for: the request's own query, with what its history makes of earlier turns.</summary>
    /// <param name="request">The request.</param>
    /// <param name="query">Its own query.</param>
    /// <param name="opened">What is searched.</param>
    /// <param name="view">What filters leave of it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="RequestProblem">A turn cannot be read.</exception>
    public async ValueTask<ComposedQuery> ComposeAsync(
        SearchRequest request, ComposedQuery query, OpenedRetriever opened, GalleryView view, CancellationToken cancellationToken)
    {
        SessionHistory history = QueryReading.ReadHistory(request);
        if (request.Turns.Count == 0)
        {
            // Before the first turn there is none whose images were judged: they are terms like others.
            return query.WithJudgments(request.Liked, request.Disliked);
        }

        SearchSession session = new(opened.Retriever, new SessionOptions { History = history, ExcludeReferences = !request.IncludeReferences });
        foreach (SearchRequest turn in request.Turns)
        {
            ComposedQuery asked = view.Limit(queries.Read(turn, opened.Defaults), turn.Folder, turn.From, turn.To);
            if (session.Turns.Count > 0)
            {
                session.Judge(turn.Liked, turn.Disliked);
            }

            await session.RecallAsync(session.Turns.Count > 0 ? asked : asked.WithJudgments(turn.Liked, turn.Disliked), cancellationToken).ConfigureAwait(false);
        }

        session.Judge(request.Liked, request.Disliked);
        return await session.ComposeAsync(query, cancellationToken).ConfigureAwait(false);
    }
}
