using System.Numerics.Tensors;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>
/// The eigenvalues and eigenvectors of a symmetric matrix: Householder reflections make it tridiagonal, implicitly shifted QL steps
/// diagonal (Golub and Van Loan, Matrix Computations, 8.3).
/// </summary>
internal sealed class SymmetricEigen
{
    private const int MostSteps = 60;
    private const double Negligible = 2.2e-16;
    private readonly double[][] _vectors;
    private readonly double[] _values;

    /// <param name="matrix">The rows of the matrix; overwritten.</param>
    public SymmetricEigen(double[][] matrix)
    {
        int n = matrix.Length;
        _values = new double[n];
        _vectors = [.. Enumerable.Range(0, n).Select(i =>
        {
            double[] row = new double[n];
            row[i] = 1;
            return row;
        })];
        double[] besides = new double[n];
        Reduce(matrix, besides);
        Diagonalize(besides);
        Order = [.. Enumerable.Range(0, n).OrderByDescending(i => _values[i])];
    }

    /// <summary>The positions of the eigenvalues, largest first.</summary>
    public int[] Order { get; }

    /// <summary>An eigenvalue.</summary>
    public double ValueAt(int position) => _values[position];

    /// <summary>Its eigenvector, of unit length.</summary>
    public ReadOnlySpan<double> VectorAt(int position) => _vectors[position];

    // A ← H·A·H for each reflection H that clears a column below its first subdiagonal place; the rows of the vectors take part.
    private void Reduce(double[][] matrix, double[] besides)
    {
        int n = matrix.Length;
        double[] mirror = new double[n];
        double[] image = new double[n];
        for (int column = 0; column + 2 < n; column++)
        {
            int first = column + 1;
            Span<double> v = mirror.AsSpan(first);
            matrix[column].AsSpan(first).CopyTo(v);
            double length = TensorPrimitives.Norm<double>(v);
            if (length == 0)
            {
                continue;
            }

            double reflected = v[0] > 0 ? -length : length;
            v[0] -= reflected;
            TensorPrimitives.Divide(v, TensorPrimitives.Norm<double>(v), v);
            Span<double> p = image.AsSpan(first);
            for (int row = first; row < n; row++)
            {
                p[row - first] = TensorPrimitives.Dot<double>(matrix[row].AsSpan(first), v);
            }

            TensorPrimitives.MultiplyAdd(v, -TensorPrimitives.Dot<double>(v, p), p, p);
            for (int row = first; row < n; row++)
            {
                Span<double> rest = matrix[row].AsSpan(first);
                TensorPrimitives.MultiplyAdd(p, -2 * v[row - first], rest, rest);
                TensorPrimitives.MultiplyAdd(v, -2 * p[row - first], rest, rest);
            }

            matrix[column].AsSpan(first).Clear();
            matrix[column][first] = reflected;
            Reflect(v, first);
        }

        for (int i = 0; i < n; i++)
        {
            _values[i] = matrix[i][i];
            besides[i] = i + 1 < n ? matrix[i][i + 1] : 0;
        }
    }

    // The vectors are rows: each row of the product H·V is a row of V less twice its share of the mirror's.
    private void Reflect(ReadOnlySpan<double> mirror, int first)
    {
        double[] shares = new double[_vectors.Length];
        for (int row = first; row < _vectors.Length; row++)
        {
            TensorPrimitives.MultiplyAdd(_vectors[row], mirror[row - first], shares, shares);
        }

        for (int row = first; row < _vectors.Length; row++)
        {
            TensorPrimitives.MultiplyAdd(shares, -2 * mirror[row - first], _vectors[row], _vectors[row]);
        }
    }

    private void Diagonalize(double[] besides)
    {
        // Against the largest value, since a matrix of low rank has many that are rounding alone.
        double negligible = Negligible * Enumerable.Range(0, _values.Length).Max(i => Math.Abs(_values[i]) + Math.Abs(besides[i]));
        for (int low = 0; low < _values.Length; low++)
        {
            for (int step = 0; EndOfBlock(low, besides, negligible) is var high && high > low; step++)
            {
                if (step == MostSteps)
                {
                    throw new InvalidEmbeddingException("The eigenvalues of the scatter matrix did not converge. Check the embeddings of the corpus.");
                }

                Chase(low, high, besides);
            }
        }
    }

    private int EndOfBlock(int low, double[] besides, double negligible)
    {
        int high = low;
        while (high + 1 < _values.Length && Math.Abs(besides[high]) > negligible)
        {
            high++;
        }

        return high;
    }

    // One shifted QL step on the block from low to high: a bulge is chased upwards by plane rotations.
    private void Chase(int low, int high, double[] besides)
    {
        double half = (_values[low + 1] - _values[low]) / (2 * besides[low]);
        double shifted = _values[high] - _values[low] + (besides[low] / (half + Math.CopySign(double.Hypot(half, 1), half)));
        double sine = 1, cosine = 1, carried = 0;
        for (int i = high - 1; i >= low; i--)
        {
            double bulge = sine * besides[i];
            double off = cosine * besides[i];
            double radius = double.Hypot(bulge, shifted);
            besides[i + 1] = radius;
            if (radius == 0)
            {
                _values[i + 1] -= carried;
                besides[high] = 0;
                return;
            }

            sine = bulge / radius;
            cosine = shifted / radius;
            double value = _values[i + 1] - carried;
            double mixed = ((_values[i] - value) * sine) + (2 * cosine * off);
            carried = sine * mixed;
            _values[i + 1] = value + carried;
            shifted = (cosine * mixed) - off;
            Rotate(_vectors[i], _vectors[i + 1], cosine, sine);
        }

        _values[low] -= carried;
        besides[low] = shifted;
        besides[high] = 0;
    }

    private static void Rotate(double[] first, double[] second, double cosine, double sine)
    {
        for (int k = 0; k < first.Length; k++)
        {
            (first[k], second[k]) = ((cosine * first[k]) - (sine * second[k]), (sine * first[k]) + (cosine * second[k]));
        }
    }
}
