using System.Buffers;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Imaging;

public sealed class RgbImageTests
{
    [Fact]
    public void Pixels_must_fit_the_size()
    {
        Assert.Throws<ArgumentException>("pixels", () => new RgbImage(new byte[11], 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new RgbImage(Array.Empty<byte>(), 0, 2));
        using Owner tooShort = new(11);
        Assert.Throws<ArgumentException>("pixels", () => new RgbImage(tooShort, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new RgbImage(tooShort, 2, -1));
    }

    [Fact]
    public void Pooled_memory_is_returned_once_and_not_readable_afterwards()
    {
        Owner owner = new(20);
        RgbImage image = new(owner, 2, 3);
        Assert.Equal(18, image.Pixels.Length);
        image.Dispose();
        image.Dispose();
        Assert.Equal(1, owner.Disposals);
        Assert.Throws<ObjectDisposedException>(() => image.Pixels);
    }

    [Fact]
    public void An_image_without_pooled_memory_outlives_its_disposal()
    {
        RgbImage image = new(new byte[3], 1, 1);
        image.Dispose();
        Assert.Equal(3, image.Pixels.Length);
    }

    private sealed class Owner(int length) : IMemoryOwner<byte>
    {
        public int Disposals { get; private set; }

        public Memory<byte> Memory { get; } = new byte[length];

        public void Dispose() => Disposals++;
    }
}
