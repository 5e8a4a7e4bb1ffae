using ZeroShotCir.Composition;
using ZeroShotCir.Recipes;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Retrieval;

/// <summary>The text of a query goes through the retriever's recipe, as it does in evaluation.</summary>
public sealed class RecipeSearchTests
{
    private readonly QueryWorld _world = new(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain", "Is red.")]
    [InlineData("a photo that {}", "a photo that Is red.")]
    [InlineData("a photo that {}|{}!", "a photo that Is red.", "Is red.!")]
    [InlineData("weimocir-code", " [FORWARD] Is red.")]
    public async Task What_a_recipe_writes_is_searched_with(string recipe, params string[] written)
    {
        double[][] directions = [.. written.Select(_world.Encoder.Text).Select(Direction)];
        float[] mean = [.. Enumerable.Range(0, QueryWorld.Dimensions).Select(i => (float)directions.Average(direction => direction[i]))];
        RetrievalRanking expected = await Retriever(null).SearchAsync(
            new ComposedQuery { ReferenceId = "image-3", Terms = [QueryTerm.FromEmbedding(TermRole.Text, mean)] }, 60, Token);

        RetrievalRanking found = await Retriever(TextRecipe.Parse(recipe)).SearchAsync(new ComposedQuery { ReferenceId = "image-3", Text = "Is red." }, 60, Token);

        Assert.Equal(expected.Select(result => result.Id), found.Select(result => result.Id));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 2e-6));
    }

    [Fact]
    public async Task Other_texts_are_taken_as_they_stand()
    {
        ComposedQuery query = new() { ReferenceId = "image-3", Terms = [QueryTerm.FromText("Is red.")] };

        RetrievalRanking expected = await Retriever(null).SearchAsync(query, 60, Token);
        RetrievalRanking found = await Retriever(TextRecipe.Parse("a photo that {}")).SearchAsync(query, 60, Token);

        Assert.Equal(expected.Select(result => (result.Id, result.Score)), found.Select(result => (result.Id, result.Score)));
    }

    [Fact]
    public async Task A_recipe_that_a_query_cannot_fill_is_refused()
    {
        ComposedImageRetriever retriever = Retriever(TextRecipe.Parse("{shared_concept} that {}"));

        string message = (await Assert.ThrowsAsync<InvalidQueryException>(() => retriever.SearchAsync(new ComposedQuery { Text = "red" }, 5, Token))).Message;
        Assert.Contains("asks for the shared concept", message, StringComparison.Ordinal);
    }

    private static double[] Direction(float[] vector)
    {
        double length = Math.Sqrt(vector.Sum(value => (double)value * value));
        return [.. vector.Select(value => value / length)];
    }

    private ComposedImageRetriever Retriever(ITextRecipe? recipe) => new(_world.Gallery, _world.Encoder, _world.Encoder, new RetrievalOptions { TextRecipe = recipe });
}
