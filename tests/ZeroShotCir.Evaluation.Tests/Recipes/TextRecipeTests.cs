using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Recipes;

namespace ZeroShotCir.Tests.Recipes;

public sealed class TextRecipeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("fashioniq-dress-val", 2017)]
    [InlineData("fashioniq-shirt-val", 2038)]
    [InlineData("fashioniq-toptee-val", 1961)]
    [InlineData("cirr-val", 4181)]
    [InlineData("cirr-test1", 4148)]
    public void The_published_code_s_texts_are_reproduced(string name, int count)
    {
        string[] expected = [.. GoldenJson.Read(RepositoryPaths.Golden("evaluation", "texts", $"{name}.weimocir-code.json")).EnumerateArray().Select(text => text.GetString()!)];
        ITextRecipe recipe = TextRecipe.Parse("weimocir-code");
        Assert.Equal(expected, GoldenWorld.Dataset(name).Queries.Select(query => Assert.Single(recipe.Compose(query))));
        output.WriteLine($"{name}: {expected.Length} texts equal");
        Assert.Equal(count, expected.Length);
    }

    [Theory]
    [InlineData("plain", "?is Red. and  is LONG,")]
    [InlineData("joined", "Is red and is LONG")]
    [InlineData("joined-both-orders", "Is red and is LONG", "Is long and is Red")]
    [InlineData("a photo that {}|{}!", "a photo that Is red and is LONG", "Is red and is LONG!")]
    public void Recipes_write_what_they_say(string name, params string[] texts)
    {
        EvaluationQuery query = new("0", "a", ["?is Red.", " is LONG,"]);
        Assert.Equal(texts, DatasetRecipe.Parse(name, "fashioniq").Compose(query));
    }

    [Fact]
    public void One_caption_is_left_as_it_stands()
    {
        EvaluationQuery query = new("0", "a", [" is red. "]);
        foreach (string name in (string[])["plain", "joined", "joined-both-orders"])
        {
            Assert.Equal([" is red. "], DatasetRecipe.Parse(name, "cirr").Compose(query));
        }
    }

    [Fact]
    public void An_unknown_recipe_is_refused_with_the_known_ones()
    {
        ArgumentException error = Assert.Throws<ArgumentException>("text", () => DatasetRecipe.Parse("nice", "cirr"));
        Assert.Contains("weimocir-code", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a {thing} {}", "'{thing}'")]
    [InlineData("{shared}, but {}", "'{shared}'")]
    [InlineData("{ } {}", "'{ }'")]
    [InlineData("{} and {", "'{'")]
    [InlineData("}{}", "'}'")]
    [InlineData("{}|{Shared_Concept} {}", "'{Shared_Concept}'")]
    [InlineData("a {shared_concept}", "has no '{}'")]
    public void What_nothing_is_put_in_is_refused(string recipe, string named)
        => Assert.Contains(named, Assert.Throws<ArgumentException>(() => DatasetRecipe.Parse(recipe, "circo")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_shared_concept_is_put_in_where_it_is_annotated()
    {
        EvaluationQuery query = new("3", "a", ["{shared_concept} is {}"]) { SharedConcept = "a {} car" };
        ITextRecipe recipe = DatasetRecipe.Parse("a picture of {shared_concept} that {}|{}", "circo");
        Assert.Equal(["a picture of a {} car that {shared_concept} is {}", "{shared_concept} is {}"], recipe.Compose(query));
        Assert.Contains("query 3", Assert.Throws<InvalidDatasetException>(() => recipe.Compose(query with { SharedConcept = " " })).Message, StringComparison.Ordinal);
        Assert.Contains("only CIRCO", Assert.Throws<ArgumentException>("text", () => DatasetRecipe.Parse("{shared_concept} {}", "cirr")).Message, StringComparison.Ordinal);
    }
}
