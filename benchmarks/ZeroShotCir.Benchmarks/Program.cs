using System.Globalization;
using BenchmarkDotNet.Running;
using ZeroShotCir.Benchmarks.Composition;
using ZeroShotCir.Benchmarks.Encoders;
using ZeroShotCir.Benchmarks.Galleries;
using ZeroShotCir.Benchmarks.Imaging;
using ZeroShotCir.Benchmarks.Serving;
using ZeroShotCir.Benchmarks.Similarity;
using ZeroShotCir.Benchmarks.Stores;
using ZeroShotCir.Benchmarks.Tokenizers;

if (args is ["gallery-memory", .. var imagesOfGallery])
{
    await GalleryMemory.RunAsync(imagesOfGallery.Length > 0 ? int.Parse(imagesOfGallery[0], CultureInfo.InvariantCulture) : 1_000_000);
    return;
}

if (args is ["gallery-cold", .. var sizeOfGallery])
{
    int[] size = [.. sizeOfGallery.Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
    GalleryColdOpen.Run(size.Length > 0 ? size[0] : 1_000_000, size.Length > 1 ? size[1] : SampleGallery.Dimensions);
    return;
}

if (args is ["photographs", .. var photographs])
{
    Photographs.Run(photographs);
    return;
}

if (args is ["callers", .. var worldAndSeconds])
{
    await Callers.RunAsync(
        worldAndSeconds.Length > 0 ? worldAndSeconds[0] : "samples/TinyFashion",
        worldAndSeconds.Length > 1 ? double.Parse(worldAndSeconds[1], CultureInfo.InvariantCulture) : 3);
    return;
}

if (args is ["unchanged-folder", string number])
{
    await UnchangedFolder.RunAsync(int.Parse(number, CultureInfo.InvariantCulture));
    return;
}

if (args is ["unchanged-folder", string photos, string gallery])
{
    await UnchangedFolder.RunAsync(photos, gallery);
    return;
}

if (args is ["indexing-pipeline", .. var pictures])
{
    await IndexingPipeline.RunAsync(pictures is [string asked] ? int.Parse(asked, CultureInfo.InvariantCulture) : 256);
    return;
}

if (args is ["strategy-cost", .. var sizes])
{
    await StrategyCost.RunAsync(
        sizes.Length > 0 ? int.Parse(sizes[0], CultureInfo.InvariantCulture) : 1_000_000,
        sizes.Length > 1 ? int.Parse(sizes[1], CultureInfo.InvariantCulture) : 512,
        sizes is [_, _, "captions"]);
    return;
}

if (args is ["precision", string vectors, string queries, string dimension, .. var more])
{
    int[] numbers = [.. more.Prepend(dimension).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
    PrecisionComparison.Run(vectors, queries, numbers[0], numbers.Length > 1 ? numbers[1] : 50, numbers.Length > 2 ? numbers[2] : 5);
    return;
}

if (args is ["captions", string file])
{
    TokenizerBenchmark.WriteCaptions(file);
    return;
}

if (args is ["scatter-gather"])
{
    ScatterGather.Run();
    return;
}

if (args is ["garnet", string rows, string dimensions])
{
    await GarnetCurve.RunAsync(int.Parse(rows, CultureInfo.InvariantCulture), int.Parse(dimensions, CultureInfo.InvariantCulture));
    return;
}

if (args is ["postgres", string address, string count, string width])
{
    await PostgresCurve.RunAsync(address, int.Parse(count, CultureInfo.InvariantCulture), int.Parse(width, CultureInfo.InvariantCulture));
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
