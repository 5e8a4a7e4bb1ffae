using System.Buffers;
using ZeroShotCir.Buffers;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Imaging;

public sealed class DecodeMemoryTests
{
    [Fact]
    public void Many_threads_never_reserve_more_than_the_budget()
    {
        DecodeMemory memory = new(1000);
        long peak = 0, inUse = 0;
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            int bytes = 100 + (i % 5 * 100);
            using DecodeRoom room = memory.Reserve(bytes);
            long now = Interlocked.Add(ref inUse, bytes);
            InterlockedMax(ref peak, now);
            using (IMemoryOwner<byte> pixels = room.Rent(bytes / 2))
            {
                Assert.Equal(bytes / 2, pixels.Memory.Length);
                Thread.Yield();
                Interlocked.Add(ref inUse, -bytes);
            }
        });
        Assert.InRange(peak, 500, 1000);
        Assert.Equal(0, memory.Reserved);
    }

    [Fact]
    public void A_picture_beyond_the_budget_is_decoded_alone()
    {
        DecodeMemory memory = new(100);
        using (DecodeRoom room = memory.Reserve(1000))
        {
            Assert.Equal(1000, memory.Reserved);
            Task<bool> other = Task.Run(() =>
            {
                using DecodeRoom small = memory.Reserve(1);
                return true;
            }, TestContext.Current.CancellationToken);
            Thread.Sleep(50);
            Assert.False(other.IsCompleted);
        }

        SpinWait.SpinUntil(() => memory.Reserved == 0, TimeSpan.FromSeconds(30));
        Assert.Equal(0, memory.Reserved);
    }

    [Fact]
    public void Pixels_count_until_they_are_disposed_and_once_only()
    {
        DecodeMemory memory = new(1000);
        IMemoryOwner<byte> pixels;
        using (DecodeRoom room = memory.Reserve(900))
        {
            pixels = room.Rent(300);
            Assert.Equal(900, memory.Reserved);
        }

        Assert.Equal(300, memory.Reserved);
        RgbImage image = new(pixels, 10, 10);
        image.Dispose();
        image.Dispose();
        pixels.Dispose();
        Assert.Equal(0, memory.Reserved);
        Assert.Throws<ObjectDisposedException>(() => image.Pixels);
    }

    [Fact]
    public void Who_keeps_images_waits_a_while_but_not_forever()
    {
        DecodeMemory memory = new(1000, TimeSpan.FromMilliseconds(50));
        List<IMemoryOwner<byte>> kept = [];
        for (int i = 0; i < 12; i++)
        {
            using DecodeRoom room = memory.Reserve(300);
            kept.Add(room.Rent(300));
        }

        Assert.All(kept, pixels => Assert.Equal(300, pixels.Memory.Length));
        kept.ForEach(pixels => pixels.Dispose());
        Assert.Equal(0, memory.Reserved);
    }

    [Fact]
    public void A_slow_picture_counts_for_as_long_as_it_is_decoded()
    {
        DecodeMemory memory = new(1000, TimeSpan.FromMilliseconds(30));
        using DecodeRoom room = memory.Reserve(900);
        using IMemoryOwner<byte> pixels = room.Rent(900);
        Task other = Task.Run(() => memory.Reserve(900).Dispose(), TestContext.Current.CancellationToken);
        Thread.Sleep(300);
        Assert.False(other.IsCompleted);
        Assert.Equal(900, memory.Reserved);
    }

    [Fact]
    public void Large_pixels_are_reused_only_after_they_were_given_back()
    {
        DecodeMemory memory = new(long.MaxValue);
        int size = RentedArray<byte>.LargestPooled + 1000;
        using DecodeRoom room = memory.Reserve(10L * size);
        IMemoryOwner<byte> first = room.Rent(size), second = room.Rent(size);
        first.Memory.Span.Fill(1);
        second.Memory.Span.Fill(2);
        first.Dispose();
        IMemoryOwner<byte> third = room.Rent(size - 5);
        third.Memory.Span.Fill(3);
        Assert.Equal(size - 5, third.Memory.Length);
        Assert.False(second.Memory.Span.ContainsAnyExcept((byte)2));
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (long seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
