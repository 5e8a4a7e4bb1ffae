using ZeroShotCir.Errors;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx.Captioning;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests.Captioning;

/// <summary>Whatever is wrong with a configuration of a captioner, it is told by a typed exception when the folder is opened or used, and nothing grows or lasts.</summary>
public sealed class CaptionerMutationTests : IDisposable
{
    private static readonly ImageData Picture = ImageData.FromFile(
        Directory.EnumerateFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).Order(StringComparer.Ordinal).First());
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_spoilt_configuration_is_told_by_a_typed_exception()
    {
        Copy();
        string[] files = [.. Directory.EnumerateFiles(_folder.Path, "*.json").Order(StringComparer.Ordinal)];
        byte[][] good = [.. files.Select(File.ReadAllBytes)];
        await UseAsync();
        int which = 0;
        MutationRun run = new("captioner folder", 25, async bad =>
        {
            File.WriteAllBytes(files[which], bad);
            try
            {
                await UseAsync();
            }
            catch (Exception e) when (e is not ZeroShotCirException)
            {
                throw new InvalidOperationException(Path.GetFileName(files[which]), e);
            }
            finally
            {
                File.WriteAllBytes(files[which], good[which]);
            }
        })
        {
            IsRefusal = e => e is ZeroShotCirException,
        };

        await run.ExecuteAsync(random =>
        {
            which = random.Next(files.Length);
            return Mutation.Json(good[which], random);
        });

        Assert.InRange(run.Refused, 1, run.Count - 1);
    }

    [Fact]
    public void A_length_that_leaves_no_token_to_write_is_the_folders_fault()
    {
        Copy();
        File.WriteAllText(_folder.File("generation_config.json"), """{"max_length": 1}""");

        string message = Assert.Throws<InvalidModelException>(() => OnnxImageCaptioner.Open(_folder.Path, new SkiaImageDecoder())).Message;

        Assert.Contains("generation_config.json", message, StringComparison.Ordinal);
    }

    private void Copy()
    {
        string source = Path.Combine(RepositoryPaths.TinyFashion, "models", "captioner");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder.Path, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private async Task UseAsync()
    {
        using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(_folder.Path, new SkiaImageDecoder());
        Assert.NotEmpty(captioner.CaptionerId);
        Assert.NotNull(await captioner.CaptionAsync(Picture, new() { MaxTokens = 8 }, TestContext.Current.CancellationToken));
    }
}
