using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

public sealed class JpegOutlineTests
{
    private static readonly byte[] Start = [0xFF, 0xD8];
    private static readonly byte[] Thumbnail = [0xFF, 0xE1, 0x00, 0x08, 0xFF, 0xD8, 0xFF, 0xD9, 0x00, 0x00];
    private static readonly byte[] Progressive = [0xFF, 0xC2, 0x00, 0x11, 8, 0, 4, 0, 4, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    private static readonly byte[] Baseline = [0xFF, 0xC0, 0x00, 0x11, 8, 0, 4, 0, 4, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    private static readonly byte[] ScanOfOne = [0xFF, 0xDA, 0x00, 0x08, 1, 1, 0, 0, 0x3F, 0, 0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56];
    private static readonly byte[] ScanOfThree = [0xFF, 0xDA, 0x00, 0x0C, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 0x3F, 0, 0x12, 0xFF, 0x00, 0x34];
    private static readonly byte[] End = [0xFF, 0xD9];

    [Fact]
    public void A_progressive_image_needs_its_end_marker()
    {
        Assert.False(JpegOutline.Read([.. Start, .. Progressive, .. ScanOfThree, .. ScanOfOne, .. End]).LacksScans);
        Assert.True(JpegOutline.Read([.. Start, .. Progressive, .. ScanOfThree, .. ScanOfOne]).LacksScans);
        Assert.True(JpegOutline.Read([.. Start, .. Progressive]).LacksScans);
    }

    [Fact]
    public void The_end_of_a_thumbnail_is_not_the_end_of_the_image()
        => Assert.True(JpegOutline.Read([.. Start, .. Thumbnail, .. Progressive, .. ScanOfThree]).LacksScans);

    [Fact]
    public void Bytes_after_the_end_are_ignored()
        => Assert.False(JpegOutline.Read([.. Start, .. Progressive, .. ScanOfThree, .. End, 1, 2, 0xFF, 0xDA, 3]).LacksScans);

    [Fact]
    public void A_baseline_image_in_one_scan_is_left_to_the_decoder()
        => Assert.False(JpegOutline.Read([.. Start, .. Baseline, .. ScanOfThree]).LacksScans);

    [Fact]
    public void A_baseline_image_in_several_scans_needs_its_end_marker()
    {
        Assert.True(JpegOutline.Read([.. Start, .. Baseline, .. ScanOfOne]).LacksScans);
        Assert.False(JpegOutline.Read([.. Start, .. Baseline, .. ScanOfOne, .. ScanOfOne, .. ScanOfOne, .. End]).LacksScans);
    }

    [Fact]
    public void Every_cut_of_a_stream_is_walked_to_its_end()
    {
        byte[] jpeg = [.. Start, .. Thumbnail, .. Progressive, .. ScanOfThree, .. ScanOfOne, .. End];
        for (int length = 0; length < jpeg.Length; length++)
        {
            JpegOutline.Read(jpeg.AsSpan(0, length));
        }
    }
}
