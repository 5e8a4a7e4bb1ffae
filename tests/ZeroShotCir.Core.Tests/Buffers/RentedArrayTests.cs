using System.Buffers;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Tests.Buffers;

public sealed class RentedArrayTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void It_is_exactly_as_long_as_was_asked_for(int length)
    {
        using RentedArray<double> array = new(length);
        array.Span.Fill(2);
        Assert.Equal((length, length, length), (array.Length, array.Span.Length, array.Memory.Length));
        Assert.True(array.Span == array.Memory.Span);
    }

    [Fact]
    public void It_is_gone_when_it_was_given_back_and_nobody_gets_it_twice()
    {
        RentedArray<long> array = new(5000);
        array.Dispose();
        array.Dispose();
        Assert.Throws<ObjectDisposedException>(() => array.Memory);

        using RentedArray<long> one = new(5000), other = new(5000);
        one.Span.Fill(1);
        other.Span.Fill(2);
        Assert.False(one.Span.ContainsAnyExcept(1L));
    }

    [Fact]
    public void What_the_shared_pool_would_keep_for_every_thread_does_not_go_there()
    {
        const int Length = (RentedArray<byte>.LargestPooled / sizeof(float)) + 1;
        Assert.True(RentedArray<float>.IsPooled(Length - 1));
        Assert.False(RentedArray<float>.IsPooled(Length));

        // What was given to the pool last is what the same thread gets next.
        float[] known = ArrayPool<float>.Shared.Rent(Length);
        ArrayPool<float>.Shared.Return(known);
        using (RentedArray<float> array = new(Length))
        {
            Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(array.Memory, out ArraySegment<float> segment));
            Assert.NotSame(known, segment.Array);
            Assert.Equal(Length, segment.Array!.Length);
        }

        Assert.Same(known, ArrayPool<float>.Shared.Rent(Length));
    }
}
