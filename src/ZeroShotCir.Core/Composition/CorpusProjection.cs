using System.Globalization;
using System.Numerics.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Tensors;

namespace ZeroShotCir.Composition;

/// <summary>
/// What the strategy <c>basic</c> knows beforehand: the means of images and texts, the directions that a corpus of texts spreads in, and
/// the least similarities that occur. Made once, and kept with a gallery.
/// </summary>
/// <remarks>
/// The directions are the eigenvectors of <c>C = (1-w)·AᵀA/(|A|-1) - w·BᵀB/(|B|-1) + 1e-5</c> (on every entry) with eigenvalues above 0,
/// where A and B are the unit embeddings of texts that should and should not count less the mean of A (BASIC, Psomas et al., NeurIPS 2025).
/// Immutable; serves concurrent callers.
/// </remarks>
public sealed class CorpusProjection
{
    private const double Everywhere = 1e-5;
    private const double Negligible = 1e-13;
    private const string Format = "zeroshotcir-corpus-projection-1";
    private readonly float[] _imageMean;
    private readonly float[] _textMean;

    private CorpusProjection(float[] imageMean, float[] textMean, EmbeddingMatrix directions, double leastImage, double leastText, string? model)
    {
        _imageMean = imageMean;
        _textMean = textMean;
        Directions = directions;
        LeastImageSimilarity = leastImage;
        LeastTextSimilarity = leastText;
        Model = model;
    }

    /// <summary>The number of components of an embedding.</summary>
    public int Dimensions => _textMean.Length;

    /// <summary>The mean of unit image embeddings.</summary>
    public ReadOnlySpan<float> ImageMean => _imageMean;

    /// <summary>The mean of the unit embeddings of the texts that should count.</summary>
    public ReadOnlySpan<float> TextMean => _textMean;

    /// <summary>The directions that are kept, of unit length and at right angles, largest eigenvalue first.</summary>
    public EmbeddingMatrix Directions { get; }

    /// <summary>The least similarity of two centered images.</summary>
    public double LeastImageSimilarity { get; }

    /// <summary>The least similarity of a centered text and a centered image.</summary>
    public double LeastTextSimilarity { get; }

    /// <summary>The identity of the text encoder that encoded the corpus; <see langword="null"/> where nobody said.</summary>
    public string? Model { get; }

    /// <summary>Makes a projection.</summary>
    /// <param name="corpus">Embeddings of texts that speak about what counts, such as names of objects; at least two.</param>
    /// <param name="negatives">Embeddings of texts that speak about what does not, such as styles; <see langword="null"/> for none, otherwise at least two.</param>
    /// <param name="imageMean">The mean of unit image embeddings, of the gallery or of a large collection.</param>
    /// <param name="images">Embeddings of images, for the least similarities; at least one.</param>
    /// <param name="texts">Embeddings of texts, for the least similarities; at least one.</param>
    /// <param name="options">How it is made; <see langword="null"/> for the defaults.</param>
    /// <param name="model">The identity of the text encoder.</param>
    /// <returns>The projection.</returns>
    /// <exception cref="ArgumentException">There are too few rows.</exception>
    /// <exception cref="InvalidEmbeddingException">Dimensions differ, or a component is not finite.</exception>
    public static CorpusProjection Create(
        EmbeddingMatrix corpus,
        EmbeddingMatrix? negatives,
        ReadOnlySpan<float> imageMean,
        EmbeddingMatrix images,
        EmbeddingMatrix texts,
        CorpusProjectionOptions? options = null,
        string? model = null)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new CorpusProjectionOptions();
        ThrowIfFewer(corpus, 2, corpus.Dimensions, "texts of the corpus", nameof(corpus));
        ThrowIfFewer(images, 1, corpus.Dimensions, "images", nameof(images));
        ThrowIfFewer(texts, 1, corpus.Dimensions, "texts", nameof(texts));
        EmbeddingGuard.ThrowIfDimensionsDiffer(imageMean.Length, corpus.Dimensions, "The mean of the images");
        EmbeddingGuard.ThrowIfNotFinite(imageMean, "The mean of the images");
        double[][] units = Units(corpus);
        double[] textMean = [.. Enumerable.Range(0, corpus.Dimensions).Select(i => units.Average(row => row[i]))];
        double[][] scatter = [.. Enumerable.Range(0, corpus.Dimensions).Select(_ => Enumerable.Repeat(Everywhere, corpus.Dimensions).ToArray())];
        AddScatter(units, textMean, 1 - options.NegativeWeight, scatter);
        if (negatives is not null)
        {
            ThrowIfFewer(negatives, 2, corpus.Dimensions, "texts of the negative corpus", nameof(negatives));
            AddScatter(Units(negatives), textMean, -options.NegativeWeight, scatter);
        }

        double[] mean = [.. imageMean.ToArray().Select(value => (double)value)];
        double[][] centeredImages = Centered(Units(images), mean);
        double leastImage = Least(centeredImages, centeredImages);
        double leastText = Least(Centered(Units(texts), textMean), centeredImages);
        EmbeddingMatrix directions = DirectionsOf(new SymmetricEigen(scatter), options.Components);
        return new CorpusProjection(imageMean.ToArray(), [.. textMean.Select(value => (float)value)], directions, leastImage, leastText, model);
    }

    /// <summary>Reads a projection from a file.</summary>
    /// <param name="path">The file, as <see cref="Save"/> writes it.</param>
    /// <returns>The projection.</returns>
    /// <exception cref="InvalidTensorFileException">The file is damaged or something else.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CorpusProjection Open(string path)
    {
        SafeTensorsFile file = SafeTensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("format") != Format)
        {
            throw new InvalidTensorFileException(
                $"'{path}' is no projection of a corpus: its metadata says format '{file.Metadata.GetValueOrDefault("format")}', expected '{Format}'.");
        }

        float[] imageMean = file.Read<float>("image_mean").ToArray();
        float[] textMean = file.Read<float>("text_mean").ToArray();
        double[] least = file.Read<double>("least").ToArray();
        EmbeddingMatrix directions = file.ReadMatrix("directions");
        if (least.Length != 2 || imageMean.Length != textMean.Length || directions.Dimensions != textMean.Length || !least.All(double.IsFinite) || least[0] == 0)
        {
            throw new InvalidTensorFileException(
                $"The projection '{path}' does not fit together: "
                + $"means of {imageMean.Length} and {textMean.Length} numbers, directions of {directions.Dimensions}, least [{string.Join(", ", least)}]. "
                + "Make it again.");
        }

        EmbeddingGuard.ThrowIfNotFinite(imageMean, "The mean of the images");
        EmbeddingGuard.ThrowIfNotFinite(textMean, "The mean of the texts");
        EmbeddingGuard.ThrowIfNotFinite(directions, "A direction");
        return new CorpusProjection(imageMean, textMean, directions, least[0], least[1], file.Metadata.GetValueOrDefault("model"));
    }

    /// <summary>Writes the projection to a file in the safetensors format; an existing file is replaced when the new one is whole.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path)
    {
        using SafeTensorsWriter writer = new(path);
        writer.SetMetadata("format", Format);
        writer.SetMetadata("directions", Directions.Rows.ToString(CultureInfo.InvariantCulture));
        if (Model is not null)
        {
            writer.SetMetadata("model", Model);
        }

        writer.Write<float>("image_mean", _imageMean, Dimensions);
        writer.Write<float>("text_mean", _textMean, Dimensions);
        writer.Write<double>("least", [LeastImageSimilarity, LeastTextSimilarity], 2);
        writer.Write("directions", Directions.Values, Directions.Rows, Dimensions);
        writer.Complete();
    }

    /// <summary>Keeps of a vector what lies in the directions.</summary>
    /// <param name="vector">The vector.</param>
    /// <returns>Its projection, of the same dimension.</returns>
    /// <exception cref="InvalidEmbeddingException">The dimension differs.</exception>
    public float[] Project(ReadOnlySpan<float> vector)
    {
        EmbeddingGuard.ThrowIfDimensionsDiffer(vector.Length, Dimensions, "The vector to project");
        double[] projected = new double[Dimensions];
        for (int row = 0; row < Directions.Rows; row++)
        {
            ReadOnlySpan<float> direction = Directions[row];
            double share = 0;
            for (int i = 0; i < projected.Length; i++)
            {
                share += (double)direction[i] * vector[i];
            }

            for (int i = 0; i < projected.Length; i++)
            {
                projected[i] += share * direction[i];
            }
        }

        return [.. projected.Select(value => (float)value)];
    }

    private static void ThrowIfFewer(EmbeddingMatrix rows, int least, int dimensions, string what, string name)
    {
        if (rows.Rows < least)
        {
            throw new ArgumentException($"There are {rows.Rows} {what}; at least {least} are needed.", name);
        }

        EmbeddingGuard.ThrowIfDimensionsDiffer(rows.Dimensions, dimensions, $"An embedding of the {what}");
        EmbeddingGuard.ThrowIfNotFinite(rows, $"An embedding of the {what}");
    }

    private static double[][] Units(EmbeddingMatrix rows) => [.. Enumerable.Range(0, rows.Rows).Select(row =>
    {
        double length = UnitVector.Length(rows[row]);
        return rows[row].ToArray().Select(value => length > 0 ? value / length : 0).ToArray();
    })];

    private static double[][] Centered(double[][] rows, double[] mean) => [.. rows.Select(row => row.Zip(mean, (value, center) => value - center).ToArray())];

    private static void AddScatter(double[][] rows, double[] mean, double weight, double[][] scatter)
    {
        foreach (double[] row in Centered(rows, mean))
        {
            for (int i = 0; i < row.Length; i++)
            {
                TensorPrimitives.MultiplyAdd(row, weight * row[i] / (rows.Length - 1), scatter[i], scatter[i]);
            }
        }
    }

    private static double Least(double[][] rows, double[][] others)
        => rows.Min(row => others.Min(other => TensorPrimitives.Dot<double>(row, other)));

    private static EmbeddingMatrix DirectionsOf(SymmetricEigen eigen, int most)
    {
        // What the arithmetic leaves of a 0 is not a direction that texts spread in.
        double least = Negligible * Math.Abs(eigen.ValueAt(eigen.Order[0]));
        int[] kept = [.. eigen.Order.Where(position => eigen.ValueAt(position) > least).Take(most)];
        EmbeddingMatrix directions = EmbeddingMatrix.Allocate(kept.Length, eigen.Order.Length, out Memory<float> values);
        for (int row = 0; row < kept.Length; row++)
        {
            ReadOnlySpan<double> vector = eigen.VectorAt(kept[row]);
            for (int i = 0; i < vector.Length; i++)
            {
                values.Span[(row * vector.Length) + i] = (float)vector[i];
            }
        }

        return directions;
    }
}
