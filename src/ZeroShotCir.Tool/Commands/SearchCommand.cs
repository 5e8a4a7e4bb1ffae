using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Recipes;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir search</c>: finds the pictures of a gallery that look like a reference changed as a sentence says.</summary>
internal sealed class SearchCommand : ToolCommand
{
    private readonly Argument<string[]> _words = new("GALLERY [TEXT]")
    {
        Description = "A gallery folder, or a folder of pictures that 'cir index' made one of, and what to look for; both can be given as options, too. "
            + "A single word that is no folder is the text.",
        Arity = new ArgumentArity(0, 2),
        DefaultValueFactory = _ => [],
    };

    private readonly StoreOptions _store;
    private readonly Option<string?> _gallery = new("--gallery")
    {
        Description = "The gallery, or its folder of pictures; the only word is then the text. Without any, the gallery of the current folder, or the only one there is.",
        HelpName = "GALLERY",
    };

    private readonly EncoderOptions _model;
    private readonly Option<string[]> _images = new("--image")
    {
        Description = "A reference image; '-' reads one from standard input. Several references, by --image and --id, count as the mean of their unit vectors.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _ids = new("--id")
    {
        Description = "The id of a reference image that is in the gallery; may be repeated, too.",
        HelpName = "ID",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _text = new("--text")
    {
        Description = "How the picture searched for differs from the reference, or without one, what it shows.",
        HelpName = "TEXT",
    };

    private readonly Option<int> _k = ToolOptions.Count("-k", 10, "How many pictures to find; all of them where the gallery has fewer.");
    private readonly EvidenceOptions _evidence;
    private readonly Option<string?> _recipe = RecipeOption.OfText();
    private readonly ScoringOptions _scoring;
    private readonly SearchModelOptions _models;
    private readonly ShowOptions _show;
    private readonly Option<double> _beta = ToolOptions.Weight("--beta", EvaluationDefaults.Beta, "How much captions count against images.");
    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "Ids that must not be found.",
        HelpName = "ID",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _excludeReference = new("--exclude-reference")
    {
        Description = "The references must not be found, nor copies of them: pictures of the same bytes.",
    };

    private readonly ScopeOptions _scope;
    private readonly Option<bool> _noFold = new("--no-fold")
    {
        Description = "List every copy as a hit of its own; without it, pictures of the same bytes are one hit that names them all.",
    };

    public SearchCommand()
        : base(
            "search",
            "Find pictures by reference images, a sentence, or both.",
            "cir search photos \"a red dress\"\ncir search gallery \"the same in red with long sleeves\" --image dress.jpg")
    {
        Add(_words);
        Add(_gallery);
        _model = new EncoderOptions(this, isRequired: false) { Services = new ServiceOptions(this) };
        Add(_images);
        Add(_ids);
        Add(_text);
        Add(_k);
        _evidence = new EvidenceOptions(this);
        Add(_recipe);
        Add(_beta);
        _scoring = new ScoringOptions(this, MissingCaptions.ImageOnly);
        Add(_exclude);
        Add(_excludeReference);
        Add(_noFold);
        _scope = new ScopeOptions(this);
        _store = new StoreOptions(this, "--store", isRequired: false, allowsReplicas: true);
        _models = new SearchModelOptions(this, HasText, CountReferences);
        _show = new ShowOptions(this);
        Validators.Add(Check);
    }

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        (string? place, string? text) = Words(arguments.GetValue(_gallery), arguments.GetValue(_text), arguments.GetValue(_words)!);
        DirectoryInfo folder = place is not null ? GalleryPlace.Find(place) : GalleryPlace.FindImplied() ?? throw new BadUsageException(GalleryPlace.FindAll().Count == 0
            ? "'cir search' needs a gallery: name it, or its folder of pictures, first. 'cir index PHOTOS' makes one."
            : "'cir search' needs a gallery, and there are several: name one, or its folder of pictures, first. 'cir gallery list' tells them.");
        Gallery gallery = _scope.Open(arguments, folder, _model.Dimensions(arguments), terminal);
        References references = new(gallery, arguments.GetValue(_images)!, arguments.GetValue(_ids)!, _model.Pictures.Limits(arguments).MaxBytes);
        IReadOnlyList<string> copies = arguments.GetValue(_excludeReference) ? references.FindInGallery() : [];
        if (arguments.GetValue(_excludeReference) && copies.Count == 0)
        {
            terminal.Note("the reference is not in the gallery, so that --exclude-reference leaves nothing out.");
        }

        ComposedQuery query = _evidence.Apply(arguments, references.Apply(new ComposedQuery
        {
            Text = text,
            ExcludedIds = [.. arguments.GetValue(_exclude)!, .. copies],
            Selection = _scope.Select(arguments, gallery),
            Beta = arguments.GetValue(_beta),
        }));
        query = query with { Strategy = query.Strategy!.WithNormalizedInputs(_scoring.NormalizesInputs(arguments)) };
        using SearchModels models = new(_models, _model.Pictures, query.Strategy!, query.TargetDescriptions.Count > 0, arguments);
        bool readsTogether = FusionOption.ReadsTogether(query.Strategy!);
        bool readsImages = !readsTogether && EvidenceOptions.ReadsImages(query), readsTexts = !readsTogether && EvidenceOptions.TextsOf(query).Any();
        IndexedModel? indexed = IndexedModel.Read(folder);
        using PassingFolder? passing = _model.IsService(arguments, indexed) ? new PassingFolder() : null;
        // The rows of a store are folded already.
        bool readsEmptyText = _scoring.MissingCaptionsOf(arguments) == MissingCaptions.EmptyText && !_store.IsGiven(arguments);
        using EncoderSource? model = readsImages || readsTexts || readsTogether || readsEmptyText
            ? _model.OpenEncoders(arguments, indexed, folder, gallery.Model?.Reading, passing is null ? null : Path.Combine(passing.Path, "embeddings.jsonl"))
            : null;
        if (readsTogether)
        {
            FusionOption.ThrowIfApart(model!, [query.Strategy!]);
        }

        ITextRecipe? recipe = RecipeOption.Parse(arguments.GetValue(_recipe));
        if (text is not null && readsTexts && (recipe ?? TextRecipe.Plain).Compose([text]).Select(model!.Truncated).FirstOrDefault(tokens => tokens is not null) is { } cut)
        {
            terminal.Warn($"--text is longer than the {cut.Tokens} tokens that the model reads; its end is left out.");
        }

        IGalleryStore? store = _store.IsGiven(arguments) ? await _store.OpenAsync(arguments) : null;
        await using IAsyncDisposable? disposable = store as IAsyncDisposable;
        if (store is not null && arguments.GetResult(_beta) is not { Implicit: false } && await store.GetDescriptionAsync(cancellationToken) is { } held)
        {
            // At another weight than its own a store only gives candidates.
            query = query with { Beta = held.Beta };
        }

        RetrievalOptions options = new()
        {
            TextRecipe = recipe,
            DescriptionCount = models.Descriptions,
            RerankDepth = models.VerifyDepth,
            Scoring = _scoring.ScoringOf(arguments),
            MissingCaptions = _scoring.MissingCaptionsOf(arguments),
            CaptionEncoder = readsEmptyText ? model!.Texts(EncodingRole.Document) : null,
        };
        IImageEncoder? images = readsImages ? model!.Images() : null;
        ITextEncoder? texts = readsTexts ? model!.Texts() : null;
        IComposedEncoder? composer = readsTogether ? model!.Composed() : null;
        GalleryPictures pictures = new(gallery, _model.Pictures.Limits(arguments).MaxBytes);
        ComposedImageRetriever retriever = store is null
            ? new(gallery, images, texts, options, models.Describer, models.Verifier, pictures, composer)
            : new(new StoreGallerySearch(store), images, texts, options, models.Describer, models.Verifier, pictures, composer);
        int k = arguments.GetValue(_k);
        bool folds = !arguments.GetValue(_noFold) && store is null;
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<string> missing = [];
        FoundImage[] hits = store is not null ? [.. (await SearchAsync(k)).Select(result => Found(gallery, result))]
            : folds
            ? [.. (await DuplicateFolding.SearchAsync<RetrievalResult>(gallery, k, SearchAsync, result => result.Item.Ordinal, cancellationToken))
                .Select((hit, i) => Found(gallery, i + 1, hit.Hit, hit.Copies))]
            : [.. (await SearchAsync(k)).Select(result => Found(gallery, result.Rank, result, []))];
        double seconds = clock.Elapsed.TotalSeconds;

        SearchedQuery searched = new(
            folder.ToString(),
            gallery.Count,
            gallery.Model?.ImageModelId,
            references.Files is [var file, ..] ? file : null,
            references.Ids is [var id, ..] ? id : null,
            [.. references.Files, .. references.Ids],
            text,
            k,
            IsComposed(query, references) ? query.Strategy!.Alpha : null,
            query.Beta!.Value,
            [.. query.ExcludedIds],
            _scope.Only(arguments),
            folds)
        {
            Fusion = query.Strategy!.ToString(),
            Scoring = ScoringName.For(options.Scoring),
            Expression = query.Expression?.Source,
            Recipe = recipe?.Name,
            Descriptions = query.TargetDescriptions.Count > 0 ? query.TargetDescriptions : models.Written,
            MustHave = query.MustHave,
            MustNot = query.MustNot,
            Liked = [.. query.Terms.Where(term => term.Role == Composition.TermRole.Liked).Select(term => term.ItemId!)],
            Disliked = [.. query.Terms.Where(term => term.Role == Composition.TermRole.Disliked).Select(term => term.ItemId!)],
            MinScore = query.MinScore,
        };
        SearchDocument document = new(searched, hits, seconds)
        {
            Composition = models.Composed is { } composed ? CompositionDocument.From(composed) : null,
            Verification = models.Verified is { } verified ? VerificationDocument.From(verified) : null,
            CompositionEstimate = models.CompositionEstimate,
            Estimate = models.Estimate,
            Usage = model?.Usage,
            Missing = missing.Count > 0 ? missing : null,
        };
        foreach (string sentence in missing)
        {
            terminal.Warn(sentence);
        }

        Tell(terminal, models);
        terminal.NoteIfAny(Spending.Describe(model));
        _show.Show(arguments, terminal, searched, hits, gallery, references.Images);
        return ToolResult.From(document, json => json.SearchDocument);

        // Repeated for more hits where copies are folded; the last search is what is shown.
        async ValueTask<IReadOnlyList<RetrievalResult>> SearchAsync(int count)
        {
            RetrievalRanking ranking = await retriever.SearchAsync(query, count, cancellationToken);
            missing = ranking.Statistics.Missing;
            return ranking;
        }
    }

    // What the models did is no part of what a pipe carries.
    private static void Tell(Terminal terminal, SearchModels models)
    {
        IEnumerable<string> lines =
        [
            .. models.Written.Select(description => $"described as: {description}"),
            .. models.CompositionEstimate is { } composition ? VerificationScreen.Lines(composition) : [],
            .. models.Estimate is { } estimate ? VerificationScreen.Lines(estimate) : [],
            .. models.Verified is { } verified ? VerificationScreen.Lines(verified) : [],
        ];
        foreach (string line in lines)
        {
            terminal.Note(line);
        }

        terminal.NoteIfAny(models.Composed is { } composed ? Spending.Describe(composed.Composer, composed.Usage) : null);
        terminal.NoteIfAny(models.Verified is { } looked ? Spending.Describe(looked.Verifier, looked.Usage) : null);
        if (models is { Verified.Refused: > 0, LastRefusal: { } refusal })
        {
            terminal.Warn($"not all of what was found was judged: {refusal.Message}");
        }
    }

    private static bool IsComposed(ComposedQuery query, References references)
        => references.Count > 0 && (query.Text is not null || query.TargetDescriptions.Count > 0) && query.Strategy!.Definition.UsesAlpha;

    // What a store found may not be in the gallery any more.
    private static FoundImage Found(Gallery gallery, RetrievalResult result) => new(
        result.Rank, result.Id, result.Score, gallery.TryGetOrdinal(result.Id, out int ordinal) ? gallery.FileOf(ordinal) : null, [])
    { Fit = result.Fit };

    private static FoundImage Found(Gallery gallery, int rank, RetrievalResult result, IReadOnlyList<RetrievalResult> copies) => new(
        rank, result.Id, result.Score, gallery.FileOf(result.Item.Ordinal), [.. copies.Select(copy => new FoundCopy(copy.Id, gallery.FileOf(copy.Item.Ordinal)))])
    {
        Fit = result.Fit,
    };

    // The first word is the gallery unless an option names it or it is no folder and stands alone; the other one is the text.
    private static (string? Gallery, string? Text) Words(string? gallery, string? text, string[] words)
    {
        bool isTextAlone = gallery is null && text is null && words is [var only] && !LooksLikeFolder(only);
        string[] rest = gallery is null && !isTextAlone ? [.. words.Skip(1)] : words;
        return (gallery ?? (isTextAlone ? null : words.FirstOrDefault()), text ?? rest.FirstOrDefault());
    }

    private static bool LooksLikeFolder(string word) => word.Length == 0 || word.EndsWith('/') || Path.IsPathRooted(word) || Directory.Exists(word)
        || word.StartsWith("./", StringComparison.Ordinal) || word.StartsWith("../", StringComparison.Ordinal);

    private int CountReferences(CommandResult result) => (result.GetValue(_images)?.Length ?? 0) + (result.GetValue(_ids)?.Length ?? 0);

    private bool HasText(CommandResult result) => Words(result.GetValue(_gallery), result.GetValue(_text), result.GetValue(_words) ?? []).Text is not null;

    private void Check(CommandResult result)
    {
        string[] words = result.GetValue(_words) ?? [];
        (string? gallery, string? text) = Words(result.GetValue(_gallery), result.GetValue(_text), words);
        bool hasReference = CountReferences(result) > 0;
        int expected = (result.GetValue(_gallery) is null ? 1 : 0) + (result.GetValue(_text) is null ? 1 : 0);
        string given = expected == 0 ? "gallery and the text are" : result.GetValue(_text) is null ? "gallery is" : "text is";
        string? error = gallery switch
        {
            not null when string.IsNullOrWhiteSpace(gallery) => "The gallery is blank; name its folder.",
            _ when words.Length > expected => $"'cir search' does not take '{words[expected]}': the {given} given by option already.",
            _ when text is not null && string.IsNullOrWhiteSpace(text) => "--text is blank. Leave it out, or say what to look for.",
            _ when text is null && !hasReference && !_evidence.SaysWhat(result) => "'cir search' needs --image, --id or --text.",
            _ when _evidence.GivesAlpha(result) && _evidence.ReadsTogether(result)
                => "--alpha weighs a text against a reference image, but with --fusion joint the model reads both together and nothing is weighed. "
                + "Leave it out; --beta works as ever.",
            _ when _evidence.GivesAlpha(result) && ((text is null && !_evidence.SaysInWords(result)) || !hasReference)
                => "--alpha weighs a text against a reference image: give both, or leave it out.",
            _ when _store.IsGiven(result) && _scope.PicksIds(result)
                => "--only picks pictures of a gallery in this process, which a store cannot. Leave it out, or search without --store.",
            _ when text is null && result.GetValue(_recipe) is not null => "--recipe is for a text; give --text, or leave it out.",
            _ when result.GetValue(_excludeReference) && !hasReference => "--exclude-reference needs a reference: --image or --id.",
            _ => null,
        };
        if (error is not null)
        {
            result.AddError(error);
        }
    }
}
