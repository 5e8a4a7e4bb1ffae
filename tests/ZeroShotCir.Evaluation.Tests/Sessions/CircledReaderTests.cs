using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Sessions;

namespace ZeroShotCir.Tests.Sessions;

/// <summary>Files of CIRCLED's layout, right and spoilt.</summary>
public sealed class CircledReaderTests : IDisposable
{
    private const string Good =
        """[{"session_id":"s0","subset":"cirr_val","ground_truth_ids":["c"],"num_turns":2,"turns":["""
        + """{"turn":1,"reference_image_id":"a","relative_caption":"red"},{"turn":2,"reference_image_id":"b","relative_caption":""}]}]""";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Sessions_and_their_turns_are_read_in_order()
    {
        SessionDataset dataset = Read(Good);
        EvaluationSession session = Assert.Single(dataset.Sessions);
        Assert.Equal(("s0", "c"), (session.Id, Assert.Single(session.GroundTruths)));
        Assert.Equal([("a", "red"), ("b", "")], session.Turns.Select(turn => (turn.Reference, turn.Caption)));
        Assert.Equal(["s0/1", "s0/2"], dataset.Turns.Queries.Select(query => query.Id));
        Assert.Equal("circled-cirr_val-val", dataset.Turns.Label);
    }

    [Fact]
    public void Names_of_coco_lose_their_leading_zeros()
    {
        string named = Good
            .Replace("\"a\"", "\"000000000012\"", StringComparison.Ordinal)
            .Replace("\"b\"", "\"7\"", StringComparison.Ordinal)
            .Replace("\"c\"", "\"000000344036\"", StringComparison.Ordinal);
        File.WriteAllText(_folder.Of("circo_val.json"), named);
        EvaluationSession session = Assert.Single(CircledReader.Read(_folder.Path, "circo_val", []).Sessions);
        Assert.Equal(["12", "7", "344036"], session.Turns.Select(turn => turn.Reference).Concat(session.GroundTruths));
    }

    [Theory]
    [InlineData("", "", "cirr_val.json")]
    [InlineData("\"num_turns\":2", "\"num_turns\":3", "num_turns")]
    [InlineData("[\"c\"]", "[]", "ground_truth_ids")]
    [InlineData("[\"c\"]", "[7]", "ground_truth_ids")]
    [InlineData("[\"c\"]", "\"c\"", "ground_truth_ids")]
    [InlineData("\"session_id\":\"s0\"", "\"session_id\":null", "session_id")]
    [InlineData("\"reference_image_id\":\"a\"", "\"reference_image_id\":\"\"", "reference_image_id")]
    [InlineData("\"reference_image_id\":\"a\"", "\"image\":\"a\"", "reference_image_id")]
    [InlineData("\"relative_caption\":\"red\"", "\"relative_caption\":5", "relative_caption")]
    [InlineData("\"turns\":[{\"turn\":1", "\"turns\":[],\"x\":[{\"turn\":1", "turns")]
    [InlineData("\"reference_image_id\":\"a\"", "\"reference_image_id\":\"elsewhere\"", "elsewhere")]
    [InlineData("}]}]", "}]}", "cirr_val.json")]
    public void Damage_is_named_with_its_place(string what, string instead, string named)
    {
        InvalidDatasetException refused = Assert.Throws<InvalidDatasetException>(() => Read(what.Length == 0 ? "[]" : Good.Replace(what, instead, StringComparison.Ordinal)));
        Assert.Contains(what.Length == 0 ? "no session" : named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subset_that_is_not_there_is_told_with_those_that_are()
    {
        File.WriteAllText(_folder.Of("cirr_val.json"), Good);
        InvalidDatasetException refused = Assert.Throws<InvalidDatasetException>(() => CircledReader.Read(_folder.Path, "cirr_test", []));
        Assert.Contains("cirr_val.json", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private SessionDataset Read(string text)
    {
        File.WriteAllText(_folder.Of("cirr_val.json"), text);
        return CircledReader.Read(_folder.Path, "cirr_val", [.. "abc".Select(name => new GalleryImage($"{name}", $"{name}.jpg"))]);
    }
}
