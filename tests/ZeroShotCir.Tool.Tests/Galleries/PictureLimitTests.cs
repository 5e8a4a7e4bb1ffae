using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Galleries;

/// <summary>The limits of pictures hold, and may be raised, wherever the tool reads one.</summary>
public sealed class PictureLimitTests
{
    [Fact]
    public async Task The_largest_file_may_be_raised_above_the_default_and_lowered()
    {
        using GalleryWorld world = new();
        string picture = Path.Combine(world.Images, world.AddPictures(1)[0]);
        using (FileStream stream = File.OpenWrite(picture))
        {
            stream.SetLength(257 << 20); // Behind the picture's end, so that decoders do not mind; sparse.
        }

        ToolOutcome refused = await world.IndexAsync();
        Assert.Equal(1, refused.Json.GetProperty("failed").GetArrayLength());
        Assert.Contains("--max-bytes", refused.Errors + refused.Json, StringComparison.Ordinal);

        string[] raised = ["--max-bytes", "300000000"];
        ToolOutcome indexed = await world.IndexAsync(raised);
        Assert.True(indexed.ExitCode == 0, indexed.Errors);
        Assert.Equal(1, indexed.Json.GetProperty("added").GetInt32());

        ToolOutcome found = await world.SearchAsync(["--image", picture, .. raised]);
        Assert.True(found.ExitCode == 0, found.Errors);
        Assert.Single(found.Json.GetProperty("hits").EnumerateArray());

        ToolOutcome tooLarge = await world.SearchAsync("--image", picture, "--max-bytes", "100");
        Assert.NotEqual(0, tooLarge.ExitCode);
        Assert.Contains("--max-bytes", tooLarge.Errors, StringComparison.Ordinal);

        string captioner = $"onnx:{Path.Combine(RepositoryPaths.TinyFashion, "models", "captioner")}";
        ToolOutcome captioned = await ToolProcess.RunAsync(
            ["caption", "--images", world.Images, "--captioner", captioner, "--count", "1", "--out", world.Of("captions.jsonl"), .. raised]);
        Assert.True(captioned.ExitCode == 0, captioned.Errors);
        Assert.Equal(1, captioned.Json.GetProperty("captioned").GetInt32());
    }
}
