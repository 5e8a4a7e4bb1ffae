using System.CommandLine;
using ZeroShotCir.Captions;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluator.CommandLine;
using ZeroShotCir.Evaluator.Output;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Evaluator.Runs;

/// <summary>Evaluates a setting after a chat model has looked at the first images of every ranking.</summary>
internal static class Verification
{
    /// <summary>Does what the options ask for; <see langword="null"/> where they ask for nothing.</summary>
    public static async Task<(VerificationDocument Document, IReadOnlyList<EvaluationResult> Results)?> RunAsync(
        PreparedRun run, EvaluationSetting setting, VerifierOptions options, ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        if (options.Read(arguments) is not var (model, top, file))
        {
            return null;
        }

        (Microsoft.Extensions.AI.IChatClient client, ChatSettings settings) = options.Chat.Connect(arguments, model);
        using (client)
        {
            file.Directory?.Create();
            using CaptionStore store = CaptionStore.Open(file.FullName);
            ChatTargetVerifier verifier = new(client, new ChatVerifierOptions { Chat = settings });
            StoredTargetVerifier stored = new(verifier, store);
            RefusalAsMisfit judge = new(stored);
            List<EvaluationResult> results = await terminal.TrackAsync("verifying", run.Categories.Sum(category => category.Dataset.Queries.Count), async progress =>
            {
                List<EvaluationResult> byCategory = [];
                int done = 0;
                foreach (PreparedCategory category in run.Categories)
                {
                    QueryComposition composition = new(category.Dataset, withImage: true, captions: null);
                    byCategory.Add(await category.Runner.EvaluateAsync(setting, top, RerankAsync, null, cancellationToken));

                    async ValueTask<IReadOnlyList<int>> RerankAsync(QueryRanking ranking, CancellationToken token)
                    {
                        ImageData[] candidates = [.. ranking.Hits.Select(hit => composition.ImageOf(category.Runner.GalleryNames[hit.Ordinal]))];
                        IReadOnlyList<(int Position, double Fit)> order = await judge.RerankAsync(composition.Compose(ranking.Query), candidates, token);
                        progress.Report(++done);
                        return [.. order.Select(place => place.Position)];
                    }
                }

                return byCategory;
            });
            if (results.Count > 1)
            {
                results.Add(EvaluationResult.Average(results));
            }

            return (
                new VerificationDocument(
                    verifier.VerifierId, top, stored.Verified, stored.Reused, judge.Refused, TokenDocument.Of(verifier.Usage), [.. results.Zip(ResultIntervals.Of(run, results), ResultDocument.Of)]),
                results);
        }
    }

    /// <summary>Counts an image that the model refuses to look at as one that does not fit, so that one of thousands does not end the run.</summary>
    private sealed class RefusalAsMisfit(ITargetVerifier verifier) : ITargetVerifier
    {
        private int _refused;

        public string VerifierId => verifier.VerifierId;

        public int Refused => _refused;

        public async ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default)
        {
            try
            {
                return await verifier.VerifyAsync(query, candidate, cancellationToken);
            }
            catch (ChatRefusedException)
            {
                Interlocked.Increment(ref _refused);
                return 0;
            }
        }
    }
}
