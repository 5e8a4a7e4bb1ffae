using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>
/// The product of the similarities to the centered image, of which the projection keeps what texts speak about, and to the centered text,
/// each made comparable by the least similarity that occurs, less what only one of them likes.
/// </summary>
/// <remarks>
/// The gallery's rows stay as they are: what its mean would take off them is one number for each vector, and the division of both
/// similarities by the least one of images scales the vectors.
/// </remarks>
internal sealed class Basic(StrategyArguments arguments) : RowStrategy(arguments)
{
    // As published.
    private const double Temperature = 0.1;

    protected internal override bool DerivesVectors => true;

    protected internal override bool LooksAtItems => true;

    protected internal override bool NormalizesDerived => false;

    protected internal override int CountVectors(TermSet terms) => 2;

    protected internal override void Derive(TermSet terms, ComposedVectors vectors)
    {
        SearchedItems items = terms.RequireSearched(this);
        CorpusProjection projection = items.Projection ?? throw new InvalidTermsException(
            $"The strategy '{Name}' reads a projection made from a corpus of texts, and there is none. "
            + "Make one with 'cir gallery project' or CorpusProjection.Create, or choose another strategy.");
        EmbeddingGuard.ThrowIfDimensionsDiffer(projection.Dimensions, terms.Dimensions, "The projection");
        float[] image = Centered(terms, TermRole.Image, projection.ImageMean);
        float[] text = Centered(terms, TermRole.Text, projection.TextMean);
        bool projects = Arguments["project"] > 0;
        int rows = (int)Arguments["expand"];
        if (rows > 0)
        {
            Expand(items, projection, image, projects, rows);
        }

        float[] projected = projects ? projection.Project(image) : image;
        bool shifts = Arguments["shift"] > 0;
        double scale = shifts ? 1 / Math.Abs(projection.LeastImageSimilarity) : 1;
        Write(vectors, 0, projected, projection, scale, shifts ? projection.LeastImageSimilarity : 0);
        Write(vectors, 1, text, projection, scale, shifts ? projection.LeastTextSimilarity : 0);
    }

    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        ReadOnlySpan<float> images = rows[0];
        ReadOnlySpan<float> texts = rows[1];
        double harris = Arguments["harris"];
        double imageShift = rows.ShiftOf(0);
        double textShift = rows.ShiftOf(1);
        for (int i = 0; i < scores.Length; i++)
        {
            double image = Math.Max(0, images[i] + imageShift);
            double text = Math.Max(0, texts[i] + textShift);
            scores[i] = (float)((image * text) - (harris * (image + text) * (image + text)));
        }
    }

    // The first images by the projected query are averaged with it, all of them centered; weights are those of their similarity.
    private static void Expand(SearchedItems items, CorpusProjection projection, float[] image, bool projects, int rows)
    {
        float[] looking = projects ? projection.Project(image) : image;
        double center = Dot(looking, projection.ImageMean);
        double[] sum = new double[image.Length];
        double total = Math.Exp(Temperature);
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = total * image[i];
        }

        float[] found = new float[image.Length];
        foreach (Similarity.SearchHit hit in items.Nearest(looking, rows))
        {
            double weight = Math.Exp(Temperature * (hit.Score - center));
            total += weight;
            items.CopyImage(hit.Ordinal, found);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += weight * ((double)found[i] - projection.ImageMean[i]);
            }
        }

        for (int i = 0; i < sum.Length; i++)
        {
            image[i] = (float)(sum[i] / total);
        }
    }

    private static void Write(ComposedVectors vectors, int position, float[] query, CorpusProjection projection, double scale, double least)
    {
        Span<float> vector = vectors[position];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)(scale * query[i]);
        }

        vectors.Shift(position, -scale * (Dot(query, projection.ImageMean) + least));
    }

    private static float[] Centered(TermSet terms, TermRole role, ReadOnlySpan<float> mean)
    {
        float[] direction = new float[terms.Dimensions];
        terms.CopyDirection(role, direction);
        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] -= mean[i];
        }

        return direction;
    }

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }
}
