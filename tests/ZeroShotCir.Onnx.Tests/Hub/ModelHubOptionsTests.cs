using ZeroShotCir.Onnx.Hub;

namespace ZeroShotCir.Tests.Hub;

public sealed class ModelHubOptionsTests
{
    [Fact]
    public void The_environment_is_read_as_the_Python_library_reads_it()
    {
        Assert.Equal("/c", Read(("HF_HUB_CACHE", "/c"), ("HF_HOME", "/h")).CacheFolder);
        Assert.Equal(Path.Combine("/h", "hub"), Read(("HF_HOME", "/h"), ("XDG_CACHE_HOME", "/x")).CacheFolder);
        Assert.Equal(Path.Combine("/x", "huggingface", "hub"), Read(("XDG_CACHE_HOME", "/x")).CacheFolder);
        Assert.EndsWith(Path.Combine(".cache", "huggingface", "hub"), Read(("HF_TOKEN", "t")).CacheFolder, StringComparison.Ordinal);
        Assert.Equal("t", Read(("HF_TOKEN", " t ")).Token);
        Assert.Equal(new Uri("https://mirror.example/hf"), Read(("HF_ENDPOINT", "https://mirror.example/hf")).Endpoint);
        Assert.Equal(new Uri("https://huggingface.co"), Read(("HF_ENDPOINT", " ")).Endpoint);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("YES", true)]
    [InlineData("on", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Offline_has_the_values_of_the_Python_library(string? value, bool offline)
        => Assert.Equal(offline, Read(("HF_HUB_OFFLINE", value)).Offline);

    [Fact]
    public void The_token_may_lie_in_a_file()
    {
        using TemporaryFolder home = new();
        Assert.Null(Read(("HF_HOME", home.Path)).Token);
        File.WriteAllText(Path.Combine(home.Path, "token"), "hf_x\n");
        Assert.Equal("hf_x", Read(("HF_HOME", home.Path)).Token);
    }

    [Theory]
    [InlineData("mirror")]
    [InlineData("ftp://mirror")]
    public void An_endpoint_that_is_no_web_address_is_refused(string address)
        => Assert.Contains(address, Assert.Throws<ModelHubException>(() => Read(("HF_ENDPOINT", address))).Message, StringComparison.Ordinal);

    private static ModelHubOptions Read(params (string Name, string? Value)[] variables)
        => ModelHubOptions.FromEnvironment(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
