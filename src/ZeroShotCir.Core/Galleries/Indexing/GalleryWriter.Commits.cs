using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <content>Commits: new files, then the manifest that names them, then the end of the old ones.</content>
public sealed partial class GalleryWriter
{
    /// <summary>Makes all changes visible and durable, or none.</summary>
    /// <exception cref="IOException">The disk is full or fails; the folder stays as it was.</exception>
    public void Commit()
    {
        ThrowIfClosed();
        if (_current is null && _finished.Count == 0 && _removed.Count == 0 && _roots is null && _manifest.Generation > 0)
        {
            return;
        }

        CloseOnFailure(() =>
        {
            long generation = _manifest.Generation + 1;
            FinishCurrent(generation);
            SegmentManifest[] segments =
            [
                .. _manifest.Segments.Concat(_finished).Select(segment => _removed.TryGetValue(segment.Name, out SortedSet<int>? rows)
                    ? SegmentWriter.Remove(_storage, _folder, _manifest.GalleryId, segment, rows, generation)
                    : segment),
            ];
            Swap(_manifest with
            {
                Generation = generation,
                Roots = _roots ?? _manifest.Roots,
                Segments = [.. segments.Where(segment => segment.Removed < segment.Rows)],
            });
            _roots = null;
            _finished.Clear();
            _pendingIds.Clear();
            _removed.Clear();
            _committedRemoved = 0;
            MergeSmallSegments();
        });
    }

    private void FinishCurrent(long generation)
    {
        if (_current is not null)
        {
            _finished.Add(_current.Complete(_manifest.Beta, _manifest.Compressed, generation));
            _current.Dispose();
            _current = null;
        }
    }

    // Everything the new manifest names is on the disk before the manifest is; afterwards the old one is gone for good.
    private void Swap(GalleryManifest manifest)
    {
        string path = Path.Combine(_folder, GalleryManifest.FileName);
        string temporary = path + ".tmp";
        using (Stream stream = _storage.Create(temporary))
        {
            stream.Write(manifest.ToJson());
            _storage.Flush(stream);
        }

        _storage.FlushFolder(_folder);
        _storage.Replace(temporary, path);
        _storage.FlushFolder(_folder);
        _manifest = manifest;
        Committed = GalleryFolder.Map(_folder, manifest);
        DeleteUnreferenced();
    }

    // Files of former commits and of writers that were killed. Returns those that stay.
    private List<string> DeleteUnreferenced()
    {
        HashSet<string> referenced = [.. _manifest.FileNames];
        List<string> kept = [];
        foreach (string path in Directory.EnumerateFiles(_folder, "segment-*"))
        {
            string name = Path.GetFileName(path);
            if (!SegmentNames.IsSegmentFile(name))
            {
                continue;
            }

            if (!referenced.Contains(name) && TryDelete(path))
            {
                continue;
            }

            kept.Add(name);
        }

        return kept;
    }

    private bool TryDelete(string path)
    {
        try
        {
            _storage.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Some systems do not delete what a reader has mapped; the next writer tries again.
        }
    }
}
