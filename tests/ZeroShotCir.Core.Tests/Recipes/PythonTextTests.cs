using ZeroShotCir.Recipes;

namespace ZeroShotCir.Tests.Recipes;

public sealed class PythonTextTests
{
    // What CPython 3.11 prints.
    [Theory]
    [InlineData("", "")]
    [InlineData("a B C", "A b c")]
    [InlineData("ABC", "Abc")]
    [InlineData("[FORWARD] Is", "[forward] is")]
    [InlineData("ßA", "Ssa")]
    [InlineData("ﬁX", "Fix")]
    [InlineData("ǆX", "ǅx")]
    [InlineData("აB", "აb")]
    [InlineData("xİ", "Xi\u0307")]
    [InlineData("xΣ", "Xς")]
    [InlineData("xΣ y", "Xς y")]
    [InlineData("xΣy", "Xσy")]
    [InlineData("x Σ", "X σ")]
    [InlineData("xΣ'Y", "Xσ'y")]
    [InlineData("éÀ", "Éà")]
    [InlineData("𐐨𐐀", "𐐀𐐨")]
    public void Capitalizing_follows_Python(string text, string expected) => Assert.Equal(expected, PythonText.Capitalize(text));
}
