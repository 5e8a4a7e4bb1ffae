using ZeroShotCir.Evaluation.Results;

namespace ZeroShotCir.Tests.Results;

public sealed class PublishedResultsTests
{
    [Fact]
    public void Every_result_is_cited_and_lies_in_percent()
    {
        Assert.Equal(38, PublishedResults.Results.Count);
        Assert.All(PublishedResults.Results, result =>
        {
            Assert.NotEmpty(result.Citation);
            Assert.NotEmpty(result.Source);
            Assert.NotEmpty(result.Metrics);
            Assert.All(result.Metrics, dataset =>
            {
                Assert.Contains(dataset.Key, (string[])["fashioniq", "cirr", "circo"]);
                Assert.All(dataset.Value.Values, value => Assert.InRange(value, 1, 99));
            });
        });
    }

    [Fact]
    public void Supervised_results_are_marked_and_those_that_could_not_be_read_too()
    {
        Assert.Equal(["CIRPLANT", "CIRPLANT", "CLIP4Cir"], PublishedResults.Results.Where(result => result.Supervised).Select(result => result.Method));
        Assert.Equal(2, PublishedResults.Results.Count(result => result.Unverified));
        PublishedResult own = PublishedResults.ForDataset("fashioniq").Single(result => result.Method == "WeiMoCIR" && result.Backbone.EndsWith("L/14", StringComparison.Ordinal));
        Assert.Equal(31.54, own.Metrics["fashioniq"]["R@10"]);
        Assert.Equal(58.55, own.Metrics["cirr"]["Rsub@1"]);
    }
}
