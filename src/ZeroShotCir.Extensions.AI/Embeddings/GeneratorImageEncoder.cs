using Microsoft.Extensions.AI;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.AI.Embeddings;

/// <summary>An embedding generator of image content as an encoder of this library.</summary>
internal sealed class GeneratorImageEncoder(GeneratorRows<DataContent> rows) : IImageEncoder
{
    public EncoderInfo Info => rows.Info;

    public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return rows.WriteAsync([.. images.Select(ImageContent.Write)], destination, cancellationToken);
    }
}
