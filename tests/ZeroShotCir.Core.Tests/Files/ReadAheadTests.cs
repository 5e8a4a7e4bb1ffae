using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ZeroShotCir.Files;

namespace ZeroShotCir.Tests.Files;

public sealed class ReadAheadTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 4_095)]
    [InlineData(4_095, 2)]
    [InlineData(8_000, 12_000)]
    [InlineData(19_999, 1)]
    public unsafe void What_is_asked_for_is_read_as_it_was(int start, int length)
    {
        byte[] content = new byte[20_000];
        new Random(1).NextBytes(content);
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("content"), content);
        using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(folder.File("content"), FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* first = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        try
        {
            ReadAhead.Ask(in first[start], length);
            Assert.Equal(content.AsSpan(start, length), new ReadOnlySpan<byte>(first + start, length));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    [Fact]
    public void Memory_of_the_process_and_memory_that_is_not_there_may_be_asked_for()
    {
        byte[] own = [1, 2, 3];
        ReadAhead.Ask(in own[1], 2);
        ReadAhead.Ask(in Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(own), -1), 1);
        ReadAhead.Ask(in Unsafe.NullRef<byte>(), 4_096);
        Assert.Equal([1, 2, 3], own);
    }

    [Fact]
    public void A_file_that_is_not_there_may_be_asked_for()
    {
        using TemporaryFolder folder = new();
        ReadAhead.Ask(folder.File("missing"), 100, 200);
        Assert.False(File.Exists(folder.File("missing")));
    }
}
