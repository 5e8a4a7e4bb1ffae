using ZeroShotCir.Embeddings;
using ZeroShotCir.Kernels;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Tests.Similarity;

/// <summary>Every product is one chain of fused multiply-adds, in every tile, on every path and for every instruction set.</summary>
public sealed class InnerProductsTests
{
    [Fact]
    public void Every_product_is_the_chain_of_fused_multiply_adds_to_the_bit()
    {
        Random random = new(11);
        foreach (int dimensions in (int[])[1, 3, 8, 29, 130])
        {
            foreach ((int rows, int queries) in ((int, int)[])[(1, 1), (23, 3), (24, 4), (49, 9), (100, 17), (100, 1), (100, 2), (149, 3), (149, 7), (150, 12), (3300, 4)])
            {
                EmbeddingMatrix gallery = Matrix(random, rows, dimensions);
                EmbeddingMatrix asked = Matrix(random, queries, dimensions);
                float[] expected = Chains(asked, gallery);
                foreach (InstructionSet instructions in Enum.GetValues<InstructionSet>())
                {
                    ScanKernels kernels = ScanKernels.For(instructions);
                    float[] products = new float[queries * rows];
                    new InnerProducts(gallery, kernels).Compute(asked, products);
                    Assert.Equal(expected, products);

                    // Blocks of an index, packed while they are scanned, by several threads.
                    int cut = rows / 3;
                    ExactIndex index = new([gallery.Slice(0, cut), gallery.Slice(cut, rows - cut)], [], new ExactIndexOptions { MaxThreads = 3 }, kernels);
                    Array.Clear(products);
                    index.Multiply(asked, products, TestContext.Current.CancellationToken);
                    Assert.Equal(expected, products);
                }
            }
        }
    }

    [Fact]
    public void A_row_with_a_product_that_is_not_finite_is_named()
    {
        EmbeddingMatrix rows = EmbeddingMatrix.FromRows([.. Enumerable.Range(0, 200).Select(row => new[] { row == 131 ? float.MaxValue : 1f, 2f })]);
        ExactIndex index = new([rows.Slice(0, 90), rows.Slice(90, 110)]);
        InvalidEmbeddingException refusal = Assert.Throws<InvalidEmbeddingException>(
            () => index.Multiply(EmbeddingMatrix.Copy([4f, 1f], 2), new float[200], TestContext.Current.CancellationToken));
        Assert.Contains("131", refusal.Message, StringComparison.Ordinal);
    }

    private static float[] Chains(EmbeddingMatrix queries, EmbeddingMatrix rows)
    {
        float[] chains = new float[queries.Rows * rows.Rows];
        for (int i = 0; i < chains.Length; i++)
        {
            ReadOnlySpan<float> query = queries[i / rows.Rows];
            ReadOnlySpan<float> row = rows[i % rows.Rows];
            for (int d = 0; d < row.Length; d++)
            {
                chains[i] = MathF.FusedMultiplyAdd(query[d], row[d], chains[i]);
            }
        }

        return chains;
    }

    private static EmbeddingMatrix Matrix(Random random, int rows, int dimensions)
        => EmbeddingMatrix.Copy([.. Enumerable.Range(0, rows * dimensions).Select(_ => (float)(random.NextDouble() - 0.4))], dimensions);
}
