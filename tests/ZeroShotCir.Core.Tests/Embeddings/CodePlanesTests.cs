using System.Runtime.Intrinsics;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tests.Embeddings;

/// <summary>The bounds that certified scans rest on, against sums in double.</summary>
public sealed class CodePlanesTests
{
    [Fact]
    public void Rows_are_no_farther_from_their_codes_than_the_planes_say()
    {
        Random random = new(5);
        double nearest = 0;
        foreach (int dimensions in (int[])[1, 2, 3, 7, 8, 33, 64, 100, 512, 768])
        {
            foreach (float scale in (float[])[1, 1e-3f, 1e-21f, 1e9f])
            {
                EmbeddingMatrix rows = Rows(random, 37, dimensions, scale);
                CodePlanes planes = CodePlanes.TryCompress(rows)!;
                Rotation rotation = new(dimensions);
                for (int row = 0; row < rows.Rows; row++)
                {
                    double[] rotated = [.. Enumerable.Range(0, dimensions).Select(d => (double)rows[row][d] - planes.Mean.Span[d])];
                    rotation.Apply(rotated);
                    double coarse = 0, both = 0, coarseLength = 0, length = 0;
                    for (int d = 0; d < dimensions; d++)
                    {
                        double first = (NormalQuantizer.Levels[Coarse(planes, row, d)] - 31.5) * planes.Scale(row);
                        double second = first + ((Fine(planes, row, d) - 7.5) * Bound(planes, row, CodePlanes.FineScalePlace));
                        coarse += (rotated[d] - first) * (rotated[d] - first);
                        both += (rotated[d] - second) * (rotated[d] - second);
                        coarseLength += first * first;
                        length += second * second;
                    }

                    (float error, float fineError) = (planes.Error(row), Bound(planes, row, CodePlanes.FineErrorPlace));
                    Assert.Equal(error, ErrorInTile(planes, row));
                    Assert.True(Math.Sqrt(coarse) <= error, $"Row {row} of {dimensions} × {scale}: {Math.Sqrt(coarse)} > {error}");
                    Assert.True(Math.Sqrt(both) <= fineError, $"Row {row} of {dimensions} × {scale}: {Math.Sqrt(both)} > {fineError}");
                    Assert.True(Math.Sqrt(coarseLength) <= planes.MaxCoarseLength && Math.Sqrt(length) <= planes.MaxCodeLength);
                    Assert.True(UnitVector.Length(rows[row]) <= planes.MaxLength);
                    nearest = Math.Max(nearest, dimensions >= 64 && scale == 1 ? planes.Error(row) / Math.Sqrt(Math.Max(1e-9, rotated.Sum(x => x * x))) : 0);
                }
            }
        }

        // The bound is of use: a tenth of the length where nothing stands out.
        Assert.InRange(nearest, 0.05, 0.2);
    }

    [Fact]
    public void A_rotation_keeps_products_and_rounds_no_more_than_it_says()
    {
        Random random = new(6);
        foreach (int dimensions in (int[])[1, 2, 3, 5, 8, 100, 512, 768, 1023])
        {
            Rotation rotation = new(dimensions);
            EmbeddingMatrix rows = Rows(random, 2, dimensions, 1);
            double[] a = [.. rows[0].ToArray().Select(x => (double)x)], b = [.. rows[1].ToArray().Select(x => (double)x)];
            double product = a.Zip(b, (x, y) => x * y).Sum(), length = Math.Sqrt(a.Sum(x => x * x));
            rotation.Apply(a);
            rotation.Apply(b);
            Assert.Equal(product, a.Zip(b, (x, y) => x * y).Sum(), 1e-9 * Math.Max(1, Math.Abs(product) + (length * length)));
            float[] rounded = rows[0].ToArray();
            rotation.Apply(rounded);
            Assert.True(Math.Sqrt(a.Zip(rounded, (x, y) => (x - y) * (x - y)).Sum()) <= rotation.Rounding * length);
        }
    }

    [Fact]
    public void Rows_that_stand_far_apart_are_coded_in_planes_and_others_in_eight_bits()
    {
        Random random = new(7);
        EmbeddingMatrix near = EmbeddingMatrix.Copy([.. Enumerable.Range(0, 4096 * 256).Select(_ => random.NextSingle() - 0.5f)], 256);
        EmbeddingMatrix plane = EmbeddingMatrix.Allocate(4096, 256, out Memory<float> values);
        for (int row = 0; row < plane.Rows; row++)
        {
            float angle = random.NextSingle() * MathF.Tau;
            for (int d = 0; d < 256; d++)
            {
                values.Span[(row * 256) + d] = (MathF.Cos(angle) * MathF.Sin(d * 0.7f)) + (MathF.Sin(angle) * MathF.Cos(d * 0.9f));
            }
        }

        Assert.Null(CompressedRows.Compress(near).Planes);
        Assert.NotNull(CompressedRows.Compress(plane).Planes);
        Assert.Null(CompressedRows.Compress(plane.Slice(0, 1000)).Planes);
    }

    [Fact]
    public void A_number_that_is_not_finite_is_looked_for_among_all_rows()
    {
        EmbeddingMatrix rows = EmbeddingMatrix.Allocate(4096, 256, out Memory<float> values);
        values.Span.Fill(0.5f);
        values.Span[(3004 * 256) + 9] = float.NaN;
        Assert.Contains("row 3004 ", Assert.Throws<InvalidEmbeddingException>(() => CompressedRows.Compress(rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_leave_less_of_a_normal_distribution_than_even_steps_and_codes_name_the_nearest()
    {
        Random random = new(8);
        double lost = 0, evenLost = 0;
        for (int i = 0; i < 20_000; i++)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
            float number = (float)(normal * NormalQuantizer.Largest / NormalQuantizer.Deviations);
            double nearest = Enumerable.Range(0, 16).Select(code => NormalQuantizer.Levels[code] - 31.5).MinBy(level => Math.Abs(level - number));
            Assert.Equal(nearest, NormalQuantizer.Nearest(Vector256.Create(number))[3]);
            Assert.Equal(nearest, NormalQuantizer.Levels[NormalQuantizer.Codes(Vector256.Create(number))[5]] - 31.5);
            double error = nearest - number, even = (Math.Clamp(Math.Floor(normal / 0.335), -8, 7) + 0.5) * 0.335;
            lost += error * error;
            evenLost += (even - normal) * (even - normal);
        }

        // 0.0095 of the variance at best, with even steps 0.0115 (Max, 1960).
        double scale = NormalQuantizer.Deviations / NormalQuantizer.Largest;
        Assert.InRange(lost * scale * scale / 20_000, 0.0090, 0.0101);
        Assert.InRange(evenLost / 20_000, 0.0110, 0.0121);
    }

    private static float Bound(CodePlanes planes, int row, int place) => planes.Bounds.Span[(row * CodePlanes.BoundsOfRow) + place];

    private static float ErrorInTile(CodePlanes planes, int row)
    {
        int tileBytes = CodePlanes.TileBytes(planes.Dimensions);
        return BitConverter.ToSingle(planes.Coarse.Span[((((row / 16) + 1) * tileBytes) - 64 + (row % 16 * 4))..]);
    }

    private static int Coarse(CodePlanes planes, int row, int d)
    {
        int at = (row / 16 * CodePlanes.TileBytes(planes.Dimensions)) + (d / 8 * 64) + (row % 16 * 4) + (d % 4);
        return d % 8 < 4 ? planes.Coarse.Span[at] & 15 : planes.Coarse.Span[at] >> 4;
    }

    private static int Fine(CodePlanes planes, int row, int d)
    {
        byte codes = planes.Fine.Span[(row * CodePlanes.FineBytes(planes.Dimensions)) + (d / 64 * 32) + (d % 32)];
        return d % 64 < 32 ? codes & 15 : codes >> 4;
    }

    // Some of nothing, some with one component that stands out, some alike.
    private static EmbeddingMatrix Rows(Random random, int count, int dimensions, float scale)
    {
        EmbeddingMatrix rows = EmbeddingMatrix.Allocate(count, dimensions, out Memory<float> values);
        for (int row = 0; row < count; row++)
        {
            Span<float> own = values.Span.Slice(row * dimensions, dimensions);
            for (int d = 0; d < dimensions; d++)
            {
                own[d] = scale * ((float)(random.NextDouble() + random.NextDouble() + random.NextDouble()) - 1.5f);
            }

            switch (row % 9)
            {
                case 3:
                    own.Clear();
                    break;
                case 5:
                    own[random.Next(dimensions)] = 50 * scale;
                    break;
                case 7:
                    own.Fill(scale);
                    break;
            }
        }

        return rows;
    }
}
