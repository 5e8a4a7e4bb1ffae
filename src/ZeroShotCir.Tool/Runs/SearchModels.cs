using System.CommandLine;
using Microsoft.Extensions.AI;
using ZeroShotCir.Answers;
using ZeroShotCir.Composition;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Runs;

/// <summary>
/// The chat models of one search: one describes what is searched for, one looks at what was found. On a dry run they are asked nothing, and
/// what the search would ask them is counted.
/// </summary>
internal sealed class SearchModels : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly Described? _composer;
    private readonly ChosenVerifier? _verifier;
    private readonly CountedVerifier? _counted;
    private readonly AskedVerification? _asked;
    private readonly ChatSettings? _verifierSettings;

    /// <summary>Connects to the models that the options ask for.</summary>
    /// <exception cref="BadUsageException">The options do not go together.</exception>
    public SearchModels(SearchModelOptions options, PictureOptions pictures, CompositionStrategy strategy, bool hasDescriptions, ParseResult arguments)
    {
        string? composer = options.ComposerFor(arguments, strategy, hasDescriptions);
        _asked = options.Verification(arguments);
        IsDryRun = options.Verifier.IsDryRun(arguments);
        DecodeOptions looking = pictures.ReadForLooking(arguments);
        try
        {
            if (composer is not null)
            {
                (IChatClient client, ChatSettings settings) = options.Chat.Connect(arguments, composer, looking, pictures.Decoder(arguments));
                _owned.Add(client);
                _composer = new Described(new ChatTargetDescriber(client, new ChatDescriberOptions { Chat = settings }), Store(options.Descriptions(arguments)), settings)
                {
                    IsDryRun = IsDryRun,
                    ShowsImage = options.Composer.ShowsImage(arguments),
                    ShowsCaptions = options.Composer.ShowsCaptions(arguments),
                };
                Descriptions = options.Composer.Count(arguments);
            }

            if (_asked is not null)
            {
                IImageDecoder decoder = pictures.Decoder(arguments);
                (IChatClient client, _verifierSettings) = options.Chat.Connect(arguments, _asked.Model, looking, decoder);
                _owned.Add(client);
                _verifier = ChosenVerifier.Create(_asked.Form, client, _verifierSettings, decoder, looking, Store(_asked.Verdicts));
                _counted = IsDryRun ? new CountedVerifier(_verifier) : null;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether nothing is asked.</summary>
    public bool IsDryRun { get; }

    public ITargetDescriber? Describer => _composer;

    public ITargetReranker? Verifier => _counted is not null ? new Shown(_counted) : _verifier is not null ? new Shown(_verifier) : null;

    /// <summary>How many descriptions the describer is asked for.</summary>
    public int Descriptions { get; } = 1;

    /// <summary>How many images the verifier looks at.</summary>
    public int VerifyDepth => _asked?.Top ?? 0;

    /// <summary>What the describer wrote.</summary>
    public IReadOnlyList<string> Written => _composer?.Written ?? [];

    /// <summary>What the describer did; <see langword="null"/> where there is none, or it was only counted.</summary>
    public ComposerEffort? Composed => IsDryRun ? null : _composer?.Effort;

    /// <summary>What the describer would cost.</summary>
    public CompositionEstimate? CompositionEstimate => IsDryRun ? _composer?.Estimate : null;

    /// <summary>What the verifier did; <see langword="null"/> where there is none, or it was only counted.</summary>
    public VerifierEffort? Verified => IsDryRun ? null : _verifier?.EffortAs(_asked!);

    /// <summary>What the verifier would cost.</summary>
    public VerificationEstimate? Estimate => _counted is null ? null : _verifier!.EstimateOf(_asked!, _counted.Estimates, _verifierSettings!);

    /// <summary>Why the verifier did not judge an image.</summary>
    public Exception? LastRefusal => _verifier?.LastRefusal;

    public void Dispose()
    {
        foreach (IDisposable owned in Enumerable.Reverse(_owned))
        {
            owned.Dispose();
        }
    }

    // A search may be repeated for more hits, and asks nothing twice: where no file keeps answers, one does for as long as the search lasts.
    private AnswerStore? Store(FileInfo? file)
    {
        if (IsDryRun)
        {
            // A file that is not there yet is not made: nothing is to change.
            return file is { Exists: true } ? Owned(AnswerStore.Open(file.FullName)) : null;
        }

        file?.Directory?.Create();
        return Owned(AnswerStore.Open(file?.FullName ?? Path.Combine(Owned(new PassingFolder()).Path, "answers.jsonl")));
    }

    private static ComposedQuery Reference(ComposedQuery query, ImageData? image, IReadOnlyList<string>? captions)
        => image is not null || captions is { Count: > 0 }
            ? new ComposedQuery { Text = query.Text, Image = image, ReferenceCaptions = captions }
            : throw new InvalidQueryException(
                query.Image is null
                    ? "The picture of the reference is not where 'cir index' found it, and there are no captions of it, so a chat model can see nothing of it. "
                    + "Bring it back, or give it by --image."
                    : "There are no captions of the reference, which --from captions needs. Give --reference-caption, or --from image.");

    private T Owned<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Shows a describer what was asked for of the reference, and counts on a dry run.</summary>
    private sealed class Described(ChatTargetDescriber describer, AnswerStore? store, ChatSettings settings) : ITargetDescriber
    {
        private readonly StoredTargetDescriber? _stored = store is null ? null : new StoredTargetDescriber(describer, store);
        private readonly Dictionary<string, ChatEstimate> _estimates = new(StringComparer.Ordinal);
        private int _count = 1;

        public required bool IsDryRun { get; init; }

        public required bool ShowsImage { get; init; }

        public required bool ShowsCaptions { get; init; }

        public string DescriberId => describer.DescriberId;

        public IReadOnlyList<string> Written { get; private set; } = [];

        public ComposerEffort Effort => new(DescriberId, _stored!.Answers(_count).Asked, _stored.Answers(_count).Reused, describer.Usage);

        public CompositionEstimate Estimate
        {
            get
            {
                ChatEstimate sum = ChatEstimate.Sum(_estimates.Values);
                decimal? cost = settings.Price is null ? null : sum.Cost ?? 0;
                return new CompositionEstimate(DescriberId, sum.Requests, sum.Pictures, sum.InputTokens, sum.OutputTokens, cost);
            }
        }

        public async ValueTask<IReadOnlyList<string>> DescribeAsync(ComposedQuery query, int count, CancellationToken cancellationToken)
        {
            _count = count;
            // What 'cir compose' shows, so that its answers are found.
            ComposedQuery shown = Reference(query, ShowsImage ? query.Image : null, ShowsCaptions ? query.ReferenceCaptions : null);
            if (IsDryRun && _stored?.Answers(count).IsKnown(shown) != true)
            {
                // The text stands in for what nobody wrote.
                _estimates[QueryHash.Compute(shown)] = describer.Estimate(shown, count);
                return [query.Text!];
            }

            return Written = await _stored!.DescribeAsync(shown, count, cancellationToken);
        }
    }

    /// <summary>Shows a verifier the text and the reference, its captions only where there is no picture of it: what evaluation shows.</summary>
    private sealed class Shown(ITargetReranker verifier) : ITargetReranker
    {
        public string RerankerId => verifier.RerankerId;

        public ValueTask<IReadOnlyList<RerankedCandidate>> RerankAsync(ComposedQuery query, IReadOnlyList<ImageData> candidates, CancellationToken cancellationToken)
        {
            return verifier.RerankAsync(Reference(query, query.Image, query.Image is null ? query.ReferenceCaptions : null), candidates, cancellationToken);
        }
    }

    /// <summary>Leaves every order as it is, and counts what finding a new one would cost.</summary>
    private sealed class CountedVerifier(ChosenVerifier verifier) : ITargetReranker
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public List<ChatEstimate> Estimates { get; } = [];

        public string RerankerId => verifier.Id;

        public ValueTask<IReadOnlyList<RerankedCandidate>> RerankAsync(ComposedQuery query, IReadOnlyList<ImageData> candidates, CancellationToken cancellationToken)
        {
            if (verifier.Estimate(query, candidates, _seen) is { } estimate)
            {
                Estimates.Add(estimate);
            }

            return new([.. Enumerable.Range(0, candidates.Count).Select(position => new RerankedCandidate(position, isJudged: false))]);
        }
    }
}
