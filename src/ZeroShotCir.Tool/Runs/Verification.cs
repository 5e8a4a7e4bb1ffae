using System.CommandLine;
using Microsoft.Extensions.AI;
using ZeroShotCir.Answers;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Extensions.AI.Chat;
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
        if (options.Read(arguments) is not { } asked)
        {
            return null;
        }

        DecodeOptions looking = pictures.ReadForLooking(arguments);
        (IChatClient client, ChatSettings settings) = options.Chat.Connect(arguments, asked.Model, looking, pictures.Decoder(arguments));
        using (client)
        {
            asked.Verdicts!.Directory?.Create();
            using AnswerStore store = AnswerStore.Open(asked.Verdicts.FullName);
            ChosenVerifier verifier = ChosenVerifier.Create(asked.Form, client, settings, pictures.Decoder(arguments), looking, store);
            List<EvaluationResult> results = await reporter.TrackAsync("verifying", run.Categories.Sum(category => category.Dataset.Queries.Count), async progress =>
            {
                List<EvaluationResult> byCategory = [];
                int done = 0;
                foreach (PreparedCategory category in run.Categories)
                {
                    QueryComposition composition = CompositionOf(category, pictures, arguments);
                    byCategory.Add(await category.Runner.EvaluateAsync(setting, asked.Top, RerankAsync, null, cancellationToken));

                    async ValueTask<IReadOnlyList<int>> RerankAsync(QueryRanking ranking, CancellationToken token)
                    {
                        IReadOnlyList<RerankedCandidate> order = await verifier.OrderAsync(
                            () => composition.Compose(ranking.Query),
                            [.. NamesOf(category, ranking).Select(name => (Func<ImageData>)(() => composition.ImageOf(name)))],
                            token);
                        progress.Report(++done);
                        return [.. order.Select(candidate => candidate.Position)];
                    }
                }

                return byCategory;
            });
            if (verifier is { LastRefusal: { } refusal, Refused: > 0 } && verifier.Asked + verifier.Reused == 0)
            {
                string what = asked.IsListwise ? "queries" : "pairs of query and picture";
                throw new InvalidChatResponseException($"None of {verifier.Refused:N0} {what} was judged. {refusal.Message}", refusal);
            }

            if (results.Count > 1)
            {
                results.Add(EvaluationResult.Average(results));
            }

            return new VerifiedResults(verifier.EffortAs(asked), results, ResultIntervals.Estimate(run, results));
        }
    }

    /// <summary>Says what the options would cost, and spends nothing; <see langword="null"/> where they do not ask.</summary>
    public static VerificationEstimate? Estimate(
        PreparedRun run, EvaluationSetting setting, VerifierOptions options, PictureOptions pictures, ParseResult arguments, CancellationToken cancellationToken)
    {
        if (options.Read(arguments) is not { IsDryRun: true } asked)
        {
            return null;
        }

        DecodeOptions looking = pictures.ReadForLooking(arguments);
        (IChatClient client, ChatSettings settings) = options.Chat.Connect(arguments, asked.Model, looking, pictures.Decoder(arguments));
        using (client)
        {
            // A file that is not there yet is not made: nothing is to change.
            using AnswerStore? store = asked.Verdicts!.Exists ? AnswerStore.Open(asked.Verdicts.FullName) : null;
            ChosenVerifier verifier = ChosenVerifier.Create(asked.Form, client, settings, pictures.Decoder(arguments), looking, store);
            HashSet<string> seen = new(StringComparer.Ordinal);
            List<ChatEstimate> estimates = [];
            foreach (PreparedCategory category in run.Categories)
            {
                QueryComposition composition = CompositionOf(category, pictures, arguments);
                foreach (QueryRanking ranking in category.Runner.Rank(setting, asked.Top, cancellationToken))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    ImageData[] images = [.. NamesOf(category, ranking).Select(composition.ImageOf)];
                    if (verifier.Estimate(composition.Compose(ranking.Query), images, seen) is { } estimate)
                    {
                        estimates.Add(estimate);
                    }
                }
            }

            return verifier.EstimateOf(asked, estimates, settings);
        }
    }

    private static QueryComposition CompositionOf(PreparedCategory category, PictureOptions pictures, ParseResult arguments)
        => new(category.Dataset, withImage: true, captions: null, pictures.Read(arguments), pictures.Decoder(arguments));

    private static string[] NamesOf(PreparedCategory category, QueryRanking ranking) => [.. ranking.Hits.Select(hit => category.Runner.GalleryNames[hit.Ordinal])];
}
