using System.Net;

namespace ZeroShotCir.Onnx.Hub;

/// <summary>Brings one blob into the cache: resumes, checks, and only then gives it its name.</summary>
internal sealed class HubBlobDownload(HubClient client, HubCache cache, ModelHubOptions options)
{
    private const int BufferBytes = 1 << 17;
    private readonly HubRetry _retry = new(options);

    /// <summary>Downloads what is missing of a file.</summary>
    /// <returns>How many bytes were downloaded; 0 if the blob was there.</returns>
    public async Task<long> RunAsync(string commit, HubFile file, Action<long> report, CancellationToken cancellationToken)
    {
        FileStream turn = await cache.LockAsync(file.ETag, cancellationToken).ConfigureAwait(false);
        await using (turn.ConfigureAwait(false))
        {
            string blob = cache.BlobPath(file.ETag);
            if (File.Exists(blob))
            {
                if (await BlobChecksum.MatchesAsync(blob, file.ETag, file.Length, cancellationToken).ConfigureAwait(false))
                {
                    return 0;
                }

                File.Delete(blob);
            }

            return await DownloadAsync(commit, file, blob, report, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<long> DownloadAsync(string commit, HubFile file, string blob, Action<long> report, CancellationToken cancellationToken)
    {
        string incomplete = cache.IncompletePath(file.ETag);
        // What an earlier run left may be wrong: then one more attempt begins from nothing.
        int attempts = File.Exists(incomplete) ? 2 : 1;
        long downloaded = 0;
        for (int attempt = 1; attempt <= attempts; attempt++)
        {
            bool fits = await FillAsync(commit, file, incomplete, bytes => downloaded += bytes, report, cancellationToken).ConfigureAwait(false);
            if (fits && await BlobChecksum.MatchesAsync(incomplete, file.ETag, file.Length, cancellationToken).ConfigureAwait(false))
            {
                File.Move(incomplete, blob, overwrite: true);
                return downloaded;
            }

            File.Delete(incomplete);
        }

        throw new ModelHubException(
            $"The file '{file.Name}' was refused: its bytes are not those that the hub announced ({file.Length} bytes, checksum {file.ETag}). "
            + "Nothing of it was kept. Try again, or check HF_ENDPOINT.")
        {
            Failure = ModelHubFailure.Corrupt,
        };
    }

    // False if the hub sends more than it announced.
    private async Task<bool> FillAsync(
        string commit, HubFile file, string incomplete, Action<long> received, Action<long> report, CancellationToken cancellationToken)
    {
        FileStream target = new(incomplete, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1, FileOptions.Asynchronous);
        await using (target.ConfigureAwait(false))
        {
            target.Position = target.Length;
            int failures = 0;
            long furthest = target.Position;
            bool more = target.Length != file.Length || file.Length == 0;
            while (more)
            {
                long before = target.Position;
                try
                {
                    await ReceiveAsync(commit, file, target, report, cancellationToken).ConfigureAwait(false);
                    more = target.Position < file.Length
                        ? throw new HttpIOException(HttpRequestError.ResponseEnded, $"the answer ended at byte {target.Position} of {file.Length}")
                        : false;
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested && HubRetry.IsTransient(e))
                {
                    // Only failures in a row count. A step forward goes past every earlier attempt: a server that
                    // does not resume sends the beginning again and again.
                    failures = target.Position > furthest ? 1 : failures + 1;
                    furthest = Math.Max(furthest, target.Position);
                    await _retry.PauseAsync(e, failures, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    received(Math.Max(target.Position - before, 0));
                }
            }

            RandomAccess.FlushToDisk(target.SafeFileHandle);
            return target.Length <= file.Length;
        }
    }

    private async Task ReceiveAsync(string commit, HubFile file, FileStream target, Action<long> report, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stall = new(options.StallTimeout, options.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        using HttpResponseMessage response = await client.OpenAsync(commit, file.Name, target.Position, either.Token).ConfigureAwait(false);
        bool continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == target.Position;
        if (!continues && target.Position > 0)
        {
            // The server does not resume: begin again rather than append bytes to where they do not belong.
            target.SetLength(0);
            target.Position = 0;
        }

        if (!continues && response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpIOException(HttpRequestError.InvalidResponse, $"the hub answered a request for the rest of '{file.Name}' with {(int)response.StatusCode}");
        }

        Stream body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            byte[] buffer = new byte[BufferBytes];
            for (int read; (read = await body.ReadAsync(buffer, either.Token).ConfigureAwait(false)) > 0;)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                if (target.Position > file.Length)
                {
                    return;
                }

                stall.CancelAfter(options.StallTimeout);
                report(target.Position);
            }
        }
    }
}
