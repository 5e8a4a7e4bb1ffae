using System.Buffers;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Tests.Imaging.Resampling;

namespace ZeroShotCir.Tests.Imaging.Preprocessing;

/// <summary>What one preprocessor gives does not depend on what it was given before, nor by which thread.</summary>
public sealed class SharedPreprocessorTests
{
    private const int Rounds = 400;

    public static TheoryData<ResizeMode, ResampleFilter, ResizeOrder> Settings()
    {
        TheoryData<ResizeMode, ResampleFilter, ResizeOrder> all = [];
        foreach (ResizeMode mode in Enum.GetValues<ResizeMode>())
        {
            foreach (ResampleFilter filter in Enum.GetValues<ResampleFilter>())
            {
                foreach (ResizeOrder order in Enum.GetValues<ResizeOrder>())
                {
                    all.Add(mode, filter, order);
                }
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Images_of_ever_new_sizes_on_many_threads_equal_those_of_a_fresh_preprocessor(ResizeMode mode, ResampleFilter filter, ResizeOrder order)
    {
        ImagePreprocessing settings = new() { Resize = mode, Size = ImageSize.Square(24), Crop = ImageSize.Square(24), Filter = filter, ResizeOrder = order };
        ImagePreprocessor shared = new(settings);
        byte[] noise = ImageResamplerTests.Noise(160, 160, 2);
        Parallel.For(0, Rounds, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            // Few widths and many heights: columns are found while rows are computed, which is where slots were mixed up.
            Random random = new(i);
            (int width, int height) = random.Next(3) == 0 ? (random.Next(1, 161), random.Next(1, 161)) : (60 + random.Next(3), random.Next(1, 161));
            RgbImage image = new(noise.AsMemory(0, width * height * 3), width, height);
            byte[] expected = new byte[24 * 24 * 3], actual = new byte[24 * 24 * 3];
            new ImagePreprocessor(settings).PreprocessToBytes(image, expected);
            shared.PreprocessToBytes(image, actual);
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"{width} × {height}");
        });
    }

    [Fact]
    public void What_lies_in_pooled_memory_never_shows()
    {
        ImagePreprocessing[] all = [.. Settings().Select(row => new ImagePreprocessing
        {
            Resize = row.Data.Item1,
            Size = ImageSize.Square(40),
            Crop = ImageSize.Square(48),
            Filter = row.Data.Item2,
            ResizeOrder = row.Data.Item3,
            Padding = ImagePadding.Target(1.25),
        })];
        foreach (ImagePreprocessing settings in all)
        {
            foreach ((int width, int height) in ((int, int)[])[(1, 300), (300, 1), (97, 203), (40, 40), (33, 35)])
            {
                RgbImage image = new(ImageResamplerTests.Noise(width, height, 5), width, height);
                Assert.Equal(Run(settings, image, poison: 0x00), Run(settings, image, poison: 0xEE));
            }
        }
    }

    private static float[] Run(ImagePreprocessing settings, RgbImage image, byte poison)
    {
        for (int size = 16; size <= 1 << 20; size *= 2)
        {
            byte[][] rented = [.. Enumerable.Range(0, 4).Select(_ => ArrayPool<byte>.Shared.Rent(size))];
            foreach (byte[] array in rented)
            {
                array.AsSpan().Fill(poison);
                ArrayPool<byte>.Shared.Return(array);
            }
        }

        float[] tensor = new float[3 * 48 * 48];
        new ImagePreprocessor(settings).Preprocess(image, tensor);
        return tensor;
    }
}
