using System.Globalization;

namespace ZeroShotCir.Composition;

/// <summary>The composition strategies that the library has, one row each: options, help, manifests and documentation are read from here.</summary>
public static class StrategyTable
{
    /// <summary>Every strategy.</summary>
    public static IReadOnlyList<StrategyDefinition> All { get; } =
    [
        new("weighted", [Either(TermRole.Image), Either(TermRole.Text)], arguments => new WeightedSum(arguments, canTakeRaw: true))
        {
            Summary = "The weighted sum of image and text.",
            Formula = "q = normalize((1-α)·v + α·t)",
            Source = "WeiMoCIR, Wu, Lin, Yang 2024, arXiv 2409.04918, section 3",
        },
        new("joint", [Needed(TermRole.Composed)], arguments => new ComposedVector(arguments))
        {
            Summary = "The embedding of image and text together, by a model that composes them itself.",
            Formula = "q = normalize(encode(images, text))",
            Source = "EmbeddingGemma 2; BGE-VL, Zhou et al. 2024, arXiv 2412.14475",
            UsesAlpha = false,
        },
        new("slerp", [Either(TermRole.Image), Either(TermRole.Text)], arguments => new SphericalInterpolation(arguments))
        {
            Summary = "The point a share α of the way along the great circle from image to text.",
            Formula = "q = (sin((1-α)θ)·v̂ + sin(αθ)·t̂) / sin θ, θ = acos(v̂·t̂); linear where |v̂·t̂| > 0.9995",
            Source = "Jang et al. 2024, arXiv 2405.00571",
        },
        new("hadamard", [Needed(TermRole.Image), Needed(TermRole.Text)], arguments => new HadamardProduct(arguments))
        {
            Summary = "The element-wise product of the two directions.",
            Formula = "q = normalize(v̂ ∘ t̂)",
            Source = "a baseline",
            UsesAlpha = false,
        },
        new("centred", [Either(TermRole.Image), Either(TermRole.Text)], arguments => new CenteredSum(arguments))
        {
            OtherNames = ["centered"],
            Summary = "The weighted sum after the mean of its modality was taken away from every embedding, the gallery's included.",
            Formula = "c(x) = normalize(x̂ - μ); q = normalize((1-α)·c(v) + α·c(t))",
            Cost = "1 scan, of rows kept without their mean",
            Source = "GR-CLIP, arXiv 2507.19054 (form of the abstract)",
        },
        new("late-linear", [Either(TermRole.Image), Either(TermRole.Text)], arguments => new LateSum(arguments))
        {
            Summary = "The weighted sum of the similarities to image and text.",
            Formula = "s = (1-α)·s_v + α·s_t",
            Source = "a baseline",
        },
        new("late-cdf", [Needed(TermRole.Image), Needed(TermRole.Text)], arguments => new LateCumulative(arguments))
        {
            OtherNames = ["weicom"],
            Summary = "Similarities made comparable by their distribution over the searched items.",
            Formula = "s = (1-α)·Φ(z(s_v)) + α·Φ(z(s_t))",
            Cost = "1 scan with 2 vectors",
            Source = "WeiCom, Psomas et al. 2024, github.com/billpsomas/rscir",
            Parameters = [new("ddof", "what the standard deviation takes off the number of items", 1, 0, 1)],
        },
        new("product", [Needed(TermRole.Image), Needed(TermRole.Text)], arguments => new ScoreProduct(arguments))
        {
            Summary = "The product of the similarities, each clamped at 0.",
            Formula = "s = max(0, s_v)·max(0, s_t)",
            Cost = "1 scan with 2 vectors",
            Source = "the product baseline of i-CIR, Psomas et al., NeurIPS 2025",
            UsesAlpha = false,
        },
        new("target", [Either(TermRole.Image), Needed(TermRole.TargetDescription)], arguments => new WeightedSum(arguments, canTakeRaw: false))
        {
            Summary = "The weighted sum with a description of the target in the place of the text.",
            Formula = "q = normalize((1-α)·v + α·d); α = 1: d alone",
            Source = "CIReVL, Karthik et al. 2024; LDRE, Yang et al. 2024, where several descriptions are averaged",
        },
        new("pdv", [Needed(TermRole.Image), Needed(TermRole.ReferenceDescription), Needed(TermRole.TargetDescription)], arguments => new PromptDirection(arguments))
        {
            Summary = "Moves image and text in the direction in which the change moves the description.",
            Formula = "Δ = d - r; q = normalize((1-α)·(v̂ + image·Δ) + α·(r + text·Δ))",
            Source = "PDV-F, Tursun et al. 2025, arXiv 2502.07215 (its β is α here)",
            Parameters = [new("image", "how far the image moves", 1), new("text", "how far the text moves; 1 reaches the target's description", 1)],
        },
        new("sdr", [Needed(TermRole.Image), Needed(TermRole.Text), Needed(TermRole.TargetDescription)], arguments => new DescriptionDebiasing(arguments))
        {
            Summary = "Takes the bias of a generated target description out of the ranking.",
            Formula = "q = normalize(α·d̂ + (1-α)·v̂); s = (1+beta)·s_q - beta·(s_d - s_t)",
            Source = "SDR-CIR 2026, arXiv 2602.04451 (its α is 1-α here)",
            Parameters = [new("beta", "how much of the difference between description and text is taken out", 0.4)],
        },
        new("seize", [Needed(TermRole.ReferenceDescription), Needed(TermRole.TargetDescription)], arguments => new SemanticIncrement(arguments))
        {
            Summary = "Rewards what an edit of the description gained and punishes what it lost.",
            Formula = "D = s_d - s_r; s = s_d + neg·min(0, D) + pos·max(0, D)",
            Cost = "1 scan with 2 vectors",
            Source = "SEIZE, Yang et al., ACM MM 2024, src/semantic_editing_search.py",
            UsesAlpha = false,
            Parameters = [new("neg", "the weight of losses", 0.13), new("pos", "the weight of gains", 2.1)],
        },
        new("arithmetic", [Either(TermRole.Image), Either(TermRole.Text), Needed(TermRole.ReferenceDescription)], arguments => new SignedSum(arguments))
        {
            Summary = "A signed sum over any number of images and texts.",
            Formula = "q = image·Σ w·v̂ + text·Σ w·t̂ + description·r̂",
            Source = "rclip, github.com/yurijmikhalevich/rclip",
            UsesAlpha = false,
            Parameters =
            [
                new("image", "the weight of the images", 1),
                new("text", "the weight of the texts", 1),
                new("description", "the weight of the reference's captions, which are read where it is not 0", 0),
                new("unit", "1 to scale the sum to unit length, so that a minimum score means the same for every query", 0, 0, 1),
            ],
        },
        new("transition", [Needed(TermRole.Text), Needed(TermRole.TargetDescription)], arguments => new Transition(arguments))
        {
            Summary = "Descriptions of the target, each drawn towards the text; the mean over the descriptions.",
            Formula = "t'_k = normalize((1-α)·d̂_k + α·t̂); s = mean_k t'_k·x; published at α 0.45",
            Source = "STiTch, CVPR 2026 (from notes)",
        },
        new("adast", [Needed(TermRole.Image), Needed(TermRole.ReferenceDescription), Needed(TermRole.TargetDescription)], arguments => new AdaptiveShift(arguments))
        {
            Summary = "The description's shift applied to the image by the best step, behind a gate; guarded where the published step is the worst one.",
            Formula = "p = v̂ + a·(d̂ - r̂), a greatest for cos(p, d̂ - b·v̂); s = s_d + s_d·s_p·(lambda if s_d - s_r + margin ≥ 0 else 0)",
            Cost = "1 scan with 3 vectors",
            Source = "AdaST, ICLR 2026 submission (from notes)",
            UsesAlpha = false,
            Parameters =
            [
                new("b", "how much of the image is taken off the goal of the shift", 0.25),
                new("lambda", "how much the shifted image counts", 4),
                new("margin", "how far behind the reference's description an item may stay", 0.1),
            ],
        },
        new("soft", [Either(TermRole.Image), Either(TermRole.Text), Aside(TermRole.MustHave), Aside(TermRole.MustNot)], arguments => new SoftConstraint(arguments, SoftForm.Both))
        {
            Summary = "The weighted sum's score, raised by what must be there and lowered by what must not.",
            Formula = "s = (1-lambda)·s_q + lambda·s_q·(R + 1 - P)/2; R, P: mean similarity to the must-have and the must-not texts, 0 without any",
            Cost = "1 scan with up to 4 vectors",
            Source = "SoFT, arXiv 2512.20781, src/compute_results.py",
            Parameters = [Lambda],
        },
        new("soft-reward", [Either(TermRole.Image), Either(TermRole.Text), Needed(TermRole.MustHave)], arguments => new SoftConstraint(arguments, SoftForm.Reward))
        {
            Summary = "The weighted sum's score, raised by what must be there.",
            Formula = "s = (1-lambda)·s_q + lambda·s_q·R",
            Cost = "1 scan with up to 3 vectors",
            Source = "SoFT, arXiv 2512.20781",
            Parameters = [Lambda],
        },
        new("soft-penalty", [Either(TermRole.Image), Either(TermRole.Text), Needed(TermRole.MustNot)], arguments => new SoftConstraint(arguments, SoftForm.Penalty))
        {
            Summary = "The weighted sum's score, lowered by what must not be there.",
            Formula = "s = (1-lambda)·s_q + lambda·s_q·(1 - P)",
            Cost = "1 scan with up to 3 vectors",
            Source = "SoFT, arXiv 2512.20781 (whose code multiplies by P, which prefers what it should avoid)",
            Parameters = [Lambda],
        },
        new("soft-additive", [Either(TermRole.Image), Either(TermRole.Text), Aside(TermRole.MustHave), Aside(TermRole.MustNot)], arguments => new AdditiveConstraint(arguments))
        {
            Summary = "The weighted sum moved towards what must be there and away from what must not: one vector.",
            Formula = "s = s_q + lambda·(R - P)",
            Source = "SoFT, arXiv 2512.20781, in its linear form",
            Parameters = [new("lambda", "how much the constraints count", 1, 0)],
        },
        new("basic", [Needed(TermRole.Image), Needed(TermRole.Text)], arguments => new Basic(arguments))
        {
            Summary = "The product of the similarities to image and text, centered, projected on what texts speak about and shifted, less what only one of them likes.",
            Formula = "s_i = (v̂ - μ_v)·P·(x̂ - μ_v), s_t = (t̂ - μ_t)·(x̂ - μ_v); s ← max(0, (s - least)/|least_i|); s = s_i·s_t - harris·(s_i + s_t)²",
            Cost = "1 scan with 2 vectors; with expand 1 more before it",
            Source = "BASIC, Psomas et al., NeurIPS 2025, github.com/billpsomas/icir",
            UsesAlpha = false,
            Parameters =
            [
                new("harris", "how much an item loses that only one of the two likes", 0.1, 0),
                new("expand", "how many first images are averaged with the image; published 25, 0 for none", 0, 0, 1000),
                new("project", "0 to leave the projection out", 1, 0, 1),
                new("shift", "0 to leave the shift out", 1, 0, 1),
            ],
        },
        new(
            "gmixer",
            [Needed(TermRole.Image), Needed(TermRole.Text), Needed(TermRole.TargetDescription), Aside(TermRole.MustHave), Aside(TermRole.MustNot)],
            arguments => new MixedRatios(arguments))
        {
            Summary = "What several mixtures of image and description find, ordered by the best mixture, the text and the constraints; the others behind, by the description.",
            Formula = "b = max of s_slerp over the mixtures; s = b + s_t - max(0, b - s_have) + max(0, b - s_not) for the first of the lists; else s_d - 4",
            Cost = "1 scan with 3 vectors more than mixtures, so 10",
            Source = "G-MIXER, CVPR 2026, github.com/maya0395/gmixer, as its notebooks compute it, without repeated images",
            UsesAlpha = false,
            Parameters =
            [
                new("length", "how many items of each list, and of their union, are ordered anew", 100, 1, 100_000),
                new("first", "the share of the description in the first mixture; in the last it is 1", 0.7, 0, 1),
                new("mixtures", "how many there are, evenly spread", 7, 1, 100),
            ],
        },
        new("best-score", [Either(TermRole.Image), Either(TermRole.Text)], arguments => new BestScore(arguments))
        {
            Summary = "Several images and texts, each for itself: the example that an item resembles most decides, a negative one against it.",
            Formula = "f(s) = (s/(1+|s|) + 1)/2; s = f(max s⁺) where max s⁺ > max s⁻, else -f(max s⁻)",
            Cost = "1 scan with as many vectors as there are examples",
            Source = "Qdrant's recommendation by best score, lib/segment/src/vector_storage/query/reco_query.rs",
            UsesAlpha = false,
        },
        new("prf", [Either(TermRole.Image), Either(TermRole.Text)], arguments => new PseudoFeedback(arguments))
        {
            Summary = "The weighted sum looks first, and the mean of it and of the first images, weighted by their similarity, is what searches.",
            Formula = "q₀ = normalize((1-α)·v̂ + α·t̂); q = Σ w·x̂ + w₀·q₀, "
                + "w = exp(temperature·s) of the first rows, w₀ = exp(temperature), all divided by their sum",
            Cost = "2 scans",
            Source = "the query expansion of BASIC without centering and projection, github.com/billpsomas/icir",
            Parameters =
            [
                new("rows", "how many first images are fed back", 25, 1, 1000),
                new("temperature", "how much their similarity counts", 0.1),
            ],
        },
        new("rocchio", [.. Feedback], arguments => new RelevanceFeedback(arguments))
        {
            Summary = "The weighted sum moved towards a description and a chosen image, and away from those that were shown and passed over.",
            Formula = "q = normalize(q₀ + description·d̂ + like·mean l̂ - unlike·mean û)",
            Source = "CIRCLED, arXiv 2605.26734, github.com/mti-lab/circled, src/multiturn_cir_system.py",
            Parameters =
            [
                new("description", "the weight of the description of the target", 0.44),
                new("like", "the weight of the liked images", 0.08, 0),
                new("unlike", "the weight of the disliked images", 0.29, 0),
            ],
        },
        new("more-less", [.. Feedback], arguments => new RelevanceFeedback(arguments))
        {
            Summary = "More of this, less of that: rocchio with weights for images that a person chose, also without a query beside them.",
            Formula = "q = normalize(q₀ + description·d̂ + like·mean l̂ - unlike·mean û)",
            Source = "Rocchio 1971, with the weights that do best on the album's signed questions",
            Parameters =
            [
                new("description", "the weight of the description of the target", 1),
                new("like", "the weight of the liked images", 1, 0),
                new("unlike", "the weight of the disliked images", 0.25, 0),
            ],
        },
        new("role-aware", [Either(TermRole.Image), Needed(TermRole.TargetDescription), Aside(TermRole.MustHave), Aside(TermRole.MustNot)], arguments => new RoleAwareSum(arguments))
        {
            Summary = "Each piece of evidence by its role: the target as a whole, what must be there, what of the reference stays, what must not be there.",
            Formula = "s = global·s_d + desired·R + preserved·s_v - forbidden·P; R, P: mean similarity to the must-have and the must-not texts",
            Source = "MulVec, arXiv 2608.25305, its global vectors alone (from notes; the weights are ours)",
            UsesAlpha = false,
            Parameters =
            [
                new("global", "the weight of the description of the target", 1),
                new("desired", "the weight of the must-have texts", 0.5),
                new("preserved", "the weight of the image", 0.2),
                new("forbidden", "the weight of the must-not texts", 0.25),
            ],
        },
        new("rrf", [Needed(TermRole.Image), Needed(TermRole.Text)], arguments => new ReciprocalRanks(arguments))
        {
            Summary = "The rankings by image and by text, fused by reciprocal ranks; what is in neither list behind them, by the weighted similarities.",
            Formula = "s = (1-α)/(k + rank_v) + α/(k + rank_t), ranks to depth",
            Cost = "1 scan with 2 vectors",
            Source = "Cormack, Clarke, Büttcher, SIGIR 2009; the lists of WISER, CVPR 2026",
            Parameters = [new("k", "how little the first ranks stand out", 60, 0), new("depth", "the length of the lists", 1000, 1, 1_000_000)],
        },
        new("list-union", [Needed(TermRole.Image), Needed(TermRole.Text)], arguments => new ListUnion(arguments))
        {
            Summary = "The first items by image and by text together, by the sum of their similarities; the others behind them, by the same sum.",
            Formula = "s = s_v + s_t in the first depth of either list, else s_v + s_t - 5",
            Cost = "1 scan with 2 vectors",
            Source = "WISER, CVPR 2026, its union of two lists with similarities in the place of a verifier's confidence",
            UsesAlpha = false,
            Parameters = [new("depth", "the length of the lists", 50, 1, 1_000_000)],
        },
    ];

    /// <summary>The names of all strategies.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(row => row.Name)];

    /// <summary>Finds a strategy's row.</summary>
    /// <param name="name">Its name, in any of its spellings.</param>
    /// <returns>The row.</returns>
    /// <exception cref="ArgumentException">The name is not known.</exception>
    public static StrategyDefinition Find(string name)
        => All.FirstOrDefault(row => row.Name == name || row.OtherNames.Contains(name, StringComparer.Ordinal))
            ?? throw new ArgumentException($"The fusion '{name}' is not known; known are {string.Join(", ", Names)}.", nameof(name));

    /// <summary>Reads a strategy: a name, and behind a colon those parameters that are not left at their default.</summary>
    /// <param name="text">
    /// Such as <c>slerp</c>, <c>late-cdf:ddof=0</c>, <c>pdv:image=1.2,text=1.4</c>, <c>sdr:beta=0.5</c>, <c>seize:neg=0.22,pos=1</c> or
    /// <c>arithmetic:image=1,text=2,description=-0.5</c>.
    /// </param>
    /// <returns>The strategy, with the default weight of the text.</returns>
    /// <exception cref="ArgumentException">The name or a parameter is not known, or a value is not a number in its range.</exception>
    public static CompositionStrategy Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        StrategyDefinition? row = All.FirstOrDefault(row => row.Name == parts[0] || row.OtherNames.Contains(parts[0], StringComparer.Ordinal));
        if (row is null)
        {
            throw new ArgumentException($"The fusion '{parts[0]}' is not known; known are {string.Join(", ", Names)}.", nameof(text));
        }

        Dictionary<string, double> parameters = new(StringComparer.Ordinal);
        foreach (string pair in parts.Length == 2 ? parts[1].Split(',', StringSplitOptions.TrimEntries) : [])
        {
            string[] sides = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            StrategyParameter? parameter = row.Parameters.FirstOrDefault(parameter => parameter.Name == sides[0]);
            if (sides.Length != 2 || parameter is null || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                string known = row.Parameters.Count == 0
                    ? "it has no parameters"
                    : $"expected name=number with a name of {string.Join(", ", row.Parameters.Select(known => known.Name))}";
                throw new ArgumentException($"The parameter '{pair}' of the fusion '{row.Name}' cannot be read: {known}.", nameof(text));
            }

            parameters[parameter.Name] = parameter.Contains(value)
                ? value
                : throw new ArgumentException($"The parameter '{pair}' of the fusion '{row.Name}' is out of range: expected {parameter.Range}.", nameof(text));
        }

        return row.Create(parameters);
    }

    private static StrategyParameter Lambda => new("lambda", "how much the constraints count", 1, 0, 1);

    private static IEnumerable<StrategyTerm> Feedback =>
        [Either(TermRole.Image), Either(TermRole.Text), Aside(TermRole.TargetDescription), Aside(TermRole.Liked), Aside(TermRole.Disliked)];

    private static StrategyTerm Needed(TermRole role) => new(role, isRequired: true);

    // At least one of a strategy's terms must be there.
    private static StrategyTerm Either(TermRole role) => new(role, isRequired: false);

    private static StrategyTerm Aside(TermRole role) => new(role, isRequired: false);
}
