using System.CommandLine;
using ZeroShotCir.Answers;
using ZeroShotCir.Errors;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Evaluates a setting after a chat model has looked at the first images of every ranking.</summary>
internal static class Verification
{
    /// <summary>Does what the options ask for; <see langword="null"/> where they ask for nothing.</summary>
    public static async Task<VerifiedResults?> RunAsync(
        PreparedRun run,
        EvaluationSetting setting,
        VerifierOptions options,
        PictureOptions pictures,
        ParseResult arguments,
        IReporter reporter,
        CancellationToken cancellationToken)
    {
        if (options.Read(arguments) is not var (model, top, file))
        {
            return null;
        }

        (Microsoft.Extensions.AI.IChatClient client, ChatSettings settings) = options.Chat.Connect(
            arguments, model, pictures.ReadForLooking(arguments), pictures.Decoder(arguments));
        using (client)
        {
            file.Directory?.Create();
            using AnswerStore store = AnswerStore.Open(file.FullName);
            ChatTargetVerifier verifier = new(client, new ChatVerifierOptions { Chat = settings });
            StoredTargetVerifier stored = new(verifier, store);
            Judge judge = new(stored);
            List<EvaluationResult> results = await reporter.TrackAsync("verifying", run.Categories.Sum(category => category.Dataset.Queries.Count), async progress =>
            {
                List<EvaluationResult> byCategory = [];
                int done = 0;
                foreach (PreparedCategory category in run.Categories)
                {
                    QueryComposition composition = new(category.Dataset, withImage: true, captions: null, pictures.Read(arguments), pictures.Decoder(arguments));
                    byCategory.Add(await category.Runner.EvaluateAsync(setting, top, RerankAsync, null, cancellationToken));

                    async ValueTask<IReadOnlyList<int>> RerankAsync(QueryRanking ranking, CancellationToken token)
                    {
                        string[] names = [.. ranking.Hits.Select(hit => category.Runner.GalleryNames[hit.Ordinal])];
                        double[] fits = await Task.WhenAll(names.Select(name => judge.JudgeAsync(composition, ranking.Query, name, token)));
                        progress.Report(++done);
                        // Among equals the order of retrieval stays.
                        return [.. Enumerable.Range(0, fits.Length).OrderByDescending(position => fits[position])];
                    }
                }

                return byCategory;
            });
            if (judge is { LastRefusal: { } refusal, Refused: > 0 } && stored.Asked + stored.Reused == 0)
            {
                throw new InvalidChatResponseException($"None of {judge.Refused:N0} pairs of query and picture was judged. {refusal.Message}", refusal);
            }

            if (results.Count > 1)
            {
                results.Add(EvaluationResult.Average(results));
            }

            return new VerifiedResults(verifier.VerifierId, top, stored.Asked, stored.Reused, judge.Refused, verifier.Usage, results, ResultIntervals.Of(run, results));
        }
    }

    /// <summary>
    /// Asks about one picture for one query. A pair that the model or its server refuses, that it says nothing useful of, or whose pictures
    /// cannot be read, counts as a misfit, so that one of thousands does not end the run.
    /// </summary>
    private sealed class Judge(StoredTargetVerifier verifier)
    {
        private int _refused;

        public int Refused => _refused;

        public Exception? LastRefusal { get; private set; }

        public async Task<double> JudgeAsync(QueryComposition composition, EvaluationQuery query, string candidate, CancellationToken cancellationToken)
        {
            bool hasFailedBefore = false;
            try
            {
                ComposedQuery composed = composition.Compose(query);
                ImageData image = composition.ImageOf(candidate);
                hasFailedBefore = verifier.HasFailed(composed, image);
                return await verifier.VerifyAsync(composed, image, cancellationToken);
            }
            catch (ZeroShotCirException e) when (IsOfThisPair(e, hasFailedBefore))
            {
                LastRefusal = e;
                Interlocked.Increment(ref _refused);
                return 0;
            }
        }

        // A server that is down fails for all; one that fails again for a pair that ended an earlier run does so because of the pair.
        private static bool IsOfThisPair(ZeroShotCirException e, bool hasFailedBefore)
            => e is InputRefusedException or InvalidChatResponseException or InvalidImageException
                || (hasFailedBefore && e is ServiceUnavailableException { IsFinal: false });
    }
}
