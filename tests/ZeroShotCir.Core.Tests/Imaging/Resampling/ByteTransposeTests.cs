using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Tests.Imaging.Resampling;

public sealed class ByteTransposeTests
{
    [Theory]
    [InlineData(16, 16)]
    [InlineData(17, 31)]
    [InlineData(32, 48)]
    [InlineData(50, 16)]
    public void Columns_become_rows_and_nothing_else_is_touched(int rows, int columns)
    {
        byte[] source = new byte[rows * (columns + 3)];
        new Random(1).NextBytes(source);
        byte[] destination = [.. Enumerable.Repeat((byte)7, columns * (rows + 2))];
        ByteTranspose.Transpose(source, columns + 3, rows, columns, destination, rows + 2);
        for (int i = 0; i < destination.Length; i++)
        {
            (int column, int row) = (i / (rows + 2), i % (rows + 2));
            Assert.Equal(row < rows ? source[(row * (columns + 3)) + column] : 7, destination[i]);
        }
    }

    [Fact]
    public void Matrices_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ByteTranspose.Transpose(new byte[256], 16, 15, 16, new byte[256], 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => ByteTranspose.Transpose(new byte[255], 16, 16, 16, new byte[256], 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => ByteTranspose.Transpose(new byte[256], 16, 16, 16, new byte[255], 16));
    }
}
