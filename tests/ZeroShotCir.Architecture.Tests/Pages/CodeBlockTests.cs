namespace ZeroShotCir.Tests.Pages;

public class CodeBlockTests
{
    [Fact]
    public void Every_block_of_CSharp_compiles_with_the_usings_that_its_page_shows()
    {
        PageBlock[] blocks = [.. Page.All.SelectMany(page => page.Code)];

        string[] wrong = PageCompilation.Mistakes(PageCompilation.Create(blocks));

        Assert.True(wrong.Length == 0, string.Join(Environment.NewLine, wrong));
        Assert.True(blocks.Length >= 20, $"Only {blocks.Length} blocks were found.");
    }

    [Theory]
    [InlineData("Gallery gallery = Gallery.Open(\"gallery\");\n", "Gallery")] // Its using is nowhere.
    [InlineData("using ZeroShotCir.Galleries;\nGallery gallery = Gallery.Load(\"gallery\");\n", "Load")]
    [InlineData("using ZeroShotCir.Retrieval;\nstring found = await retriever.SearchAsync(query, k: 5);\n", "string")]
    public void What_would_not_compile_is_told(string text, string named)
        => Assert.Contains(named, PageCompilation.Mistakes(PageCompilation.Create([new PageBlock(Page.Named("README.md"), 1, "csharp", text)]))[0], StringComparison.Ordinal);
}
