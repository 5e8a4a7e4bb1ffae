namespace ZeroShotCir.Tests.Mutations;

/// <summary>The smallest file of each kind in the album: every format and variant once.</summary>
internal static class AlbumPictures
{
    private static readonly string Album = Path.Combine(RepositoryPaths.TinyFashion, "album");

    public static IReadOnlyList<byte[]> OneOfEachKind { get; } =
    [
        .. GoldenJson.Read(Path.Combine(Album, "expected.json")).GetProperty("files").EnumerateArray()
            .GroupBy(file => (file.Text("format"), file.Text("variant")), file => Path.Combine(Album, "photos", file.Text("path")))
            .Select(kind => File.ReadAllBytes(kind.MinBy(path => new FileInfo(path).Length)!)),
    ];
}
