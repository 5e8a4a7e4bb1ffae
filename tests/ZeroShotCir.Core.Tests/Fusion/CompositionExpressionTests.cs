using ZeroShotCir.Fusion;

namespace ZeroShotCir.Tests.Fusion;

public sealed class CompositionExpressionTests
{
    [Fact]
    public void Terms_carry_weight_sign_and_kind()
    {
        CompositionExpression expression = CompositionExpression.Parse("\"2:dog\" + image − 0.5:'ripe fruit' + @\"my pool.jpg\" - t-shirt+text");
        CompositionTerm[] expected =
        [
            new(2, CompositionTermKind.Text, "dog"),
            new(1, CompositionTermKind.ReferenceImage, ""),
            new(-0.5, CompositionTermKind.Text, "ripe fruit"),
            new(1, CompositionTermKind.ImageFile, "my pool.jpg"),
            new(-1, CompositionTermKind.Text, "t-shirt"),
            new(1, CompositionTermKind.ModificationText, ""),
        ];
        Assert.Equal(expected, expression.Terms);
    }

    [Theory]
    [InlineData("-fruit", -1)]
    [InlineData("3:fruit", 3)]
    [InlineData(" + fruit ", 1)]
    public void One_term_is_an_expression(string source, double weight)
        => Assert.Equal([new CompositionTerm(weight, CompositionTermKind.Text, "fruit")], CompositionExpression.Parse(source).Terms);

    [Theory]
    [InlineData("", 0)]
    [InlineData("image +", 7)]
    [InlineData("image text", 6)]
    [InlineData("\"dog", 0)]
    [InlineData("\"\"", 0)]
    [InlineData("1.2.3:dog", 0)]
    public void What_cannot_be_read_is_refused_with_its_position(string source, int position)
    {
        FormatException error = Assert.Throws<FormatException>(() => CompositionExpression.Parse(source));
        Assert.Contains($"at position {position}", error.Message, StringComparison.Ordinal);
    }
}
