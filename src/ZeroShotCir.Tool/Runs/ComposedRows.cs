using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Encodes queries of a file, and tells which of them cannot be.</summary>
internal sealed class ComposedRows(IComposedEncoder encoder, EncodingRole role, long maxBytes, Action<FailedFile> fail)
{
    /// <summary>The rows of the good queries, in order.</summary>
    public async Task<IReadOnlyList<(string Id, ReadOnlyMemory<float> Row)>> EncodeAsync(IEnumerable<QueryLine> queries, CancellationToken cancellationToken)
    {
        List<(string Id, ComposedInput Input)> good = [];
        foreach (QueryLine query in queries)
        {
            try
            {
                IEnumerable<ComposedPart> images = query.Images.Select(path => ComposedPart.FromImage(ImageData.FromFile(path, maxBytes)));
                good.Add((query.Id, new ComposedInput(query.Text is { } text ? [.. images, ComposedPart.FromText(text)] : [.. images])));
            }
            catch (InvalidImageException e)
            {
                fail(new FailedFile(query.Id, e.Message));
            }
        }

        int dimensions = encoder.Info.Dimensions;
        while (true)
        {
            float[] rows = new float[good.Count * dimensions];
            int bad;
            string message;
            try
            {
                await encoder.EncodeAsync([.. good.Select(query => query.Input)], role, rows, cancellationToken);
                return [.. good.Select((query, i) => (query.Id, (ReadOnlyMemory<float>)rows.AsMemory(i * dimensions, dimensions)))];
            }
            catch (InvalidImageException e) when (e.Index is not null)
            {
                (bad, message) = (e.Index.Value, e.Message);
            }
            catch (InvalidComposedInputException e) when (e.Index is not null)
            {
                (bad, message) = (e.Index.Value, e.Message);
            }

            fail(new FailedFile(good[bad].Id, message));
            good.RemoveAt(bad);
        }
    }
}
