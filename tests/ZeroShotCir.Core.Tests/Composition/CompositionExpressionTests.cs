using ZeroShotCir.Composition;

namespace ZeroShotCir.Tests.Composition;

public sealed class CompositionExpressionTests
{
    [Fact]
    public void Terms_carry_weight_sign_and_kind()
    {
        CompositionExpression expression = CompositionExpression.Parse("\"2:dog\" + image − 0.5:'ripe fruit' + @\"my pool.jpg\" - t-shirt+text - image2 + images");
        (double, ExpressionTermKind, string, int)[] expected =
        [
            (2, ExpressionTermKind.Text, "dog", 0),
            (1, ExpressionTermKind.QueryImage, "", 1),
            (-0.5, ExpressionTermKind.Text, "ripe fruit", 0),
            (1, ExpressionTermKind.ImageFile, "my pool.jpg", 0),
            (-1, ExpressionTermKind.Text, "t-shirt", 0),
            (1, ExpressionTermKind.QueryText, "", 0),
            (-1, ExpressionTermKind.QueryImage, "", 2),
            (1, ExpressionTermKind.Text, "images", 0),
        ];
        Assert.Equal(expected, expression.Terms.Select(term => (term.Weight, term.Kind, term.Value, term.Number)));
    }

    [Theory]
    [InlineData("-fruit", -1)]
    [InlineData("3:fruit", 3)]
    [InlineData(" + fruit ", 1)]
    public void One_term_is_an_expression(string source, double weight)
    {
        ExpressionTerm term = Assert.Single(CompositionExpression.Parse(source).Terms);
        Assert.Equal((weight, ExpressionTermKind.Text, "fruit"), (term.Weight, term.Kind, term.Value));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("image +", 7)]
    [InlineData("image text", 6)]
    [InlineData("\"dog", 0)]
    [InlineData("\"\"", 0)]
    [InlineData("1.2.3:dog", 0)]
    [InlineData("0:dog", 5)]
    public void What_cannot_be_read_is_refused_with_its_position(string source, int position)
    {
        FormatException error = Assert.Throws<FormatException>(() => CompositionExpression.Parse(source));
        Assert.Contains($"at position {position}", error.Message, StringComparison.Ordinal);
    }
}
