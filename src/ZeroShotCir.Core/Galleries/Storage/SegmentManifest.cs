namespace ZeroShotCir.Galleries.Storage;

/// <summary>A segment, as the manifest describes it: its files by role.</summary>
internal sealed record SegmentManifest(string Name, int Rows, int Captions, int Removed, IReadOnlyDictionary<string, SegmentFile> Files)
{
    public SegmentManifest With(string role, SegmentFile? file)
    {
        Dictionary<string, SegmentFile> files = new(Files);
        if (file is null)
        {
            files.Remove(role);
        }
        else
        {
            files[role] = file;
        }

        return this with { Files = files };
    }
}
