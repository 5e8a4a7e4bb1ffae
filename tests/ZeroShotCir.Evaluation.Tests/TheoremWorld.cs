using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests;

/// <summary>One world in the two forms: encoded features with their runner, and a gallery with queries.</summary>
internal sealed class TheoremWorld
{
    private readonly EvaluationDataset _dataset;
    private readonly EvaluationFeatures _features;
    private readonly Dictionary<(Scoring, MissingCaptions), ComposedImageRetriever> _retrievers = [];

    public TheoremWorld(EvaluationDataset dataset, EvaluationFeatures features)
    {
        _dataset = dataset;
        features = WithProjection(features);
        _features = features;
        Runner = new EvaluationRunner(dataset, features);
        HashSet<int> without = [.. features.WithoutCaptions];
        int[] counts = [.. Enumerable.Range(0, features.GalleryNames.Count).Select(row => without.Contains(row) ? 0 : features.CaptionCounts?[row] ?? features.Captions.Count)];
        float[][] captions = [.. counts.SelectMany((count, row) => Enumerable.Range(0, count).Select(j => features.Captions[j][row].ToArray()))];
        Gallery = Gallery.FromEmbeddings(
            features.GalleryNames,
            features.Images,
            CaptionEmbeddings.FromCounts(captions.Length == 0 ? EmbeddingMatrix.Allocate(0, features.Dimensions, out _) : EmbeddingMatrix.FromRows(captions), counts))
            .WithProjection(features.Projection!);
    }

    public EvaluationRunner Runner { get; }

    public Gallery Gallery { get; }

    public int Queries => _dataset.Queries.Count;

    /// <summary>The embedding of the empty text.</summary>
    public required float[] EmptyText { get; init; }

    /// <summary>Whether a strategy reads what this world does not have.</summary>
    public bool Lacks(string strategy) => _features.Terms is null && StrategyTable.Find(strategy).Terms.Any(
        term => term.IsRequired && term.Role is TermRole.TargetDescription or TermRole.MustHave or TermRole.MustNot);

    /// <summary>The retriever of a formula; its indexes serve every strategy and caption weight, as those of a service do.</summary>
    public ComposedImageRetriever Retriever(Scoring scoring, MissingCaptions missing)
    {
        if (!_retrievers.TryGetValue((scoring, missing), out ComposedImageRetriever? retriever))
        {
            RetrievalOptions options = new()
            {
                Scoring = scoring,
                MissingCaptions = missing,
                CaptionsPerItem = Math.Max(1, _features.Captions.Count),
            };
            retriever = new ComposedImageRetriever(Gallery, null, new GivenTexts(this), options, images: new NamedPictures(), composedEncoder: new GivenQueries(this));
            _retrievers.Add((scoring, missing), retriever);
        }

        return retriever;
    }

    public ComposedQuery Query(int query, CompositionStrategy strategy, double beta) => new()
    {
        Strategy = strategy,
        Beta = beta,
        ReferenceId = strategy.Accepts(TermRole.Image) ? _dataset.Queries[query].Reference : null,
        Text = strategy.Accepts(TermRole.Text) ? query.ToString(CultureInfo.InvariantCulture) : null,
        Terms = [.. Terms(query).Where(term => strategy.Roles.Contains(term.Role))],
        ExcludeReference = _dataset.ExcludesReference && strategy.Accepts(TermRole.Image),
        ExcludedIds = _dataset.ExcludesReference ? [_dataset.Queries[query].Reference] : [],
    };

    public static TheoremWorld Create(string kind)
    {
        Random random = new(kind.Length);
        int dimensions = kind == "ties" ? 4 : 24;
        const int items = 61, queries = 7;
        float[] Vector(double scale = 1) => [.. Enumerable.Range(0, dimensions).Select(
            _ => kind == "ties" ? random.Next(0, 3) - 1 + (random.Next(2) * 0.5f) : (float)(scale * (random.NextDouble() - 0.4)))];
        float[] Directed(double scale = 1)
        {
            float[] vector = Vector(scale);
            return vector.Any(value => value != 0) ? vector : Directed(scale);
        }

        EmbeddingMatrix Rows(int count, double scale = 1) => EmbeddingMatrix.FromRows([.. Enumerable.Range(0, count).Select(_ => Directed(scale))]);
        string[] names = [.. Enumerable.Range(0, items).Select(i => $"image-{i}")];
        int[] counts = [.. Enumerable.Range(0, items).Select(i => kind == "equal captions" ? 3 : i % 4)];
        float[] empty = Directed();
        float[][][] captions = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, items).Select(i => counts[i] == 0 ? empty : Directed(3)).ToArray())];
        EmbeddingMatrix images = Rows(items, 7);
        if (kind == "ties")
        {
            // Two items that are equal in everything.
            float[][] rows = [.. Enumerable.Range(0, items).Select(i => images[i == 33 ? 5 : i].ToArray())];
            images = EmbeddingMatrix.FromRows(rows);
            counts[33] = counts[5];
            Array.ForEach(captions, position => position[33] = position[5]);
        }

        EvaluationQuery[] asked = [.. Enumerable.Range(0, queries).Select(
            i => new EvaluationQuery($"{i}", names[(i * 7) % items], ["x"]) { Target = names[((i * 7) + 3) % items] })];
        EvaluationDataset dataset = new("cirr", "val", [.. names.Select(name => new GalleryImage(name, "x.png"))], asked) { ExcludesReference = kind != "ties" };
        TermSet[] terms = [.. Enumerable.Range(0, queries).Select(i =>
        {
            TermSet set = new TermSet(dimensions)
                .Add(TermRole.TargetDescription, Directed())
                .Add(TermRole.MustHave, Directed())
                .Add(TermRole.MustNot, Directed())
                .Add(TermRole.Liked, Directed())
                .Add(TermRole.Disliked, Directed(2));
            return i % 3 == 0
                ? set
                : set.Add(TermRole.TargetDescription, Directed(5))
                    .Add(TermRole.MustNot, Directed(2))
                    .Add(TermRole.Text, Directed(), -0.5)
                    .Add(TermRole.Image, Directed(4), 0.25);
        })];
        EvaluationFeatures features = new(
            kind, names, images, [.. captions.Select(EmbeddingMatrix.FromRows)], [.. Enumerable.Range(0, items).Where(i => counts[i] == 0)], Rows(queries))
        {
            CaptionCounts = counts,
            Terms = terms,
            ComposedQueries = Rows(queries, 3),
        };
        return new TheoremWorld(dataset, features) { EmptyText = empty };
    }

    /// <summary>The first queries of a golden data set, each with terms that the set does not have.</summary>
    public static TheoremWorld FromGolden(string name)
    {
        const int queries = 2;
        EvaluationDataset dataset = GoldenWorld.Dataset(name);
        EvaluationFeatures whole = FeatureFolder.Read(RepositoryPaths.Golden("evaluation", "features", name), dataset);
        Random random = new(name.Length);
        TermSet[] terms = [.. Enumerable.Range(0, queries).Select(i =>
        {
            TermSet set = new(whole.Dimensions);
            foreach (TermRole role in (TermRole[])[TermRole.TargetDescription, TermRole.MustHave, TermRole.MustNot, TermRole.Liked, TermRole.Disliked])
            {
                set.Add(role, whole.Captions[random.Next(3)][random.Next(whole.GalleryNames.Count)]);
            }

            return set;
        })];
        EvaluationFeatures features = new(whole.Source, whole.GalleryNames, whole.Images, whole.Captions, whole.WithoutCaptions, whole.Texts.Slice(0, queries))
        {
            Terms = terms,
            ComposedQueries = EmbeddingMatrix.FromRows(
                [.. Enumerable.Range(0, queries).Select(_ => whole.Captions[random.Next(3)][random.Next(whole.GalleryNames.Count)].ToArray())]),
        };
        float[] empty = whole.Captions[0][whole.WithoutCaptions.Count > 0 ? whole.WithoutCaptions[0] : 0].ToArray();
        return new TheoremWorld(dataset with { Queries = [.. dataset.Queries.Take(queries)] }, features) { EmptyText = empty };
    }

    // What the world's captions speak about, and its own images and texts for what occurs least.
    private static EvaluationFeatures WithProjection(EvaluationFeatures features)
    {
        const int sample = 40;
        float[] mean = new float[features.Dimensions];
        float[] unit = new float[features.Dimensions];
        for (int row = 0; row < features.Images.Rows; row++)
        {
            UnitVector.Normalize(features.Images[row], unit);
            TensorPrimitives.MultiplyAdd(unit, 1f / features.Images.Rows, mean, mean);
        }

        CorpusProjection projection = CorpusProjection.Create(
            features.Captions[0], features.Captions[1].Slice(0, sample), mean, features.Images.Slice(0, sample), features.Texts, new CorpusProjectionOptions { Components = 16 });
        return new EvaluationFeatures(features.Source, features.GalleryNames, features.Images, features.Captions, features.WithoutCaptions, features.Texts)
        {
            TargetDescriptions = features.TargetDescriptions,
            CaptionCounts = features.CaptionCounts,
            Terms = features.Terms,
            ComposedQueries = features.ComposedQueries,
            Projection = projection,
        };
    }

    private IEnumerable<QueryTerm> Terms(int query)
    {
        if (_features.Terms?[query] is not { } terms)
        {
            yield break;
        }

        foreach (TermRole role in Enum.GetValues<TermRole>())
        {
            EmbeddingMatrix directions = terms.DirectionsOf(role);
            IReadOnlyList<double> weights = terms.WeightsOf(role);
            for (int i = 0; i < weights.Count; i++)
            {
                yield return QueryTerm.FromEmbedding(role, directions[i].ToArray(), weights[i]);
            }
        }
    }

    /// <summary>A picture that shows its own name.</summary>
    private sealed class NamedPictures : IImageSource
    {
        public ValueTask<ImageData?> GetImageAsync(string id, CancellationToken cancellationToken = default) => new(ImageData.FromBytes(Encoding.UTF8.GetBytes(id)));
    }

    /// <summary>The reference of query 3 with text "3" and whatever else the query brings is query 3.</summary>
    private sealed class GivenQueries(TheoremWorld world) : IComposedEncoder
    {
        public EncoderInfo Info { get; } = new("given", world._features.Dimensions, false);

        public CompositionKind Kind => CompositionKind.Joint;

        public ValueTask EncodeAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            Assert.Equal(EncodingRole.Query, role);
            for (int i = 0; i < inputs.Count; i++)
            {
                int query = int.Parse(inputs[i].Parts[1].Text!, CultureInfo.InvariantCulture);
                Assert.Equal(world._dataset.Queries[query].Reference, Encoding.UTF8.GetString(inputs[i].Parts[0].Image!.Data.Span));
                world._features.ComposedQueries![query].CopyTo(destination.Span[(i * Info.Dimensions)..]);
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Text "3" is the text of query 3.</summary>
    private sealed class GivenTexts(TheoremWorld world) : ITextEncoder
    {
        public EncoderInfo Info { get; } = new("given", world._features.Dimensions, false);

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < texts.Count; i++)
            {
                ReadOnlySpan<float> row = texts[i].Length == 0 ? world.EmptyText : world._features.Texts[int.Parse(texts[i], CultureInfo.InvariantCulture)];
                row.CopyTo(destination.Span[(i * row.Length)..]);
            }

            return ValueTask.CompletedTask;
        }
    }
}
