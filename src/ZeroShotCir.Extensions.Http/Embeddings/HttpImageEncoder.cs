using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.Http.Embeddings;

/// <summary>Encodes images by a service. Thread-safe.</summary>
internal sealed class HttpImageEncoder(RowEncoder rows, EncoderInfo info, EncodingRole role) : IImageEncoder
{
    public EncoderInfo Info => info;

    public async ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        await rows.EncodeAsync([.. images.Select(image => new ComposedInput(ComposedPart.FromImage(image)))], role, destination, cancellationToken).ConfigureAwait(false);
    }

    // What is refused is found while the others are encoded, each of which is paid for once.
    public async ValueTask<IReadOnlyList<InvalidImageException>> EncodeValidAsync(
        IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return await rows.EncodeValidAsync(images, role, destination, cancellationToken).ConfigureAwait(false);
    }
}
