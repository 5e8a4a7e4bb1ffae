using System.Runtime.CompilerServices;
using ZeroShotCir.Kernels;

namespace ZeroShotCir.Tests.Kernels;

public sealed class SparesTests
{
    [Fact]
    public void A_burst_leaves_one_behind()
    {
        Spares<byte[]> spares = new(() => new byte[100_000]);
        List<WeakReference> burst = Burst(spares, 9);
        Collect();

        Assert.Equal(1, burst.Count(one => one.IsAlive));
        Assert.True(IsOneOf(spares, burst));
    }

    [Fact]
    public void Nobody_gets_what_another_has_and_a_steady_state_allocates_nothing()
    {
        Spares<object> spares = new(() => new object());
        object[] borrowed = new object[5];
        long allocated = 0;
        for (int round = 0; round < 6; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < borrowed.Length; i++)
            {
                borrowed[i] = spares.Rent();
            }

            for (int i = 0; i < borrowed.Length; i++)
            {
                spares.Return(borrowed[i]);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(borrowed.Length, borrowed.Distinct(ReferenceEqualityComparer.Instance).Count());
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void What_was_collected_is_made_again()
    {
        int made = 0;
        Spares<byte[]> spares = new(() =>
        {
            made++;
            return new byte[100];
        });
        Burst(spares, 4);
        Collect();
        Burst(spares, 4);

        Assert.Equal(4 + 3, made);
    }

    // Apart, so that no local keeps alive what was given back.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Burst(Spares<byte[]> spares, int borrowers)
    {
        byte[][] borrowed = [.. Enumerable.Range(0, borrowers).Select(_ => spares.Rent())];
        Array.ForEach(borrowed, spares.Return);
        return [.. borrowed.Select(one => new WeakReference(one))];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsOneOf(Spares<byte[]> spares, List<WeakReference> burst)
    {
        byte[] kept = spares.Rent();
        return burst.Any(one => ReferenceEquals(one.Target, kept));
    }

    private static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
    }
}
