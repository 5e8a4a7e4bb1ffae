using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Embeddings;

public sealed class EncodeValidTests
{
    private const byte Bad = 255;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bad_images_are_reported_by_their_position_and_the_others_keep_theirs(bool encoderTellsIndex)
    {
        foreach (byte[] values in new byte[][] { [1, 2, 3], [Bad, 2, 3], [1, Bad, 3], [1, 2, Bad], [Bad, 2, Bad, 4, Bad], [Bad], [Bad, Bad], [] })
        {
            float[] rows = [.. Enumerable.Repeat(9f, values.Length * 2)];

            FirstByteEncoder encoder = new(encoderTellsIndex);
            IReadOnlyList<InvalidImageException> failures = await ((IImageEncoder)encoder).EncodeValidAsync(
                [.. values.Select(value => new ImageData(new[] { value }, "image/png") { Source = $"{value}" })], rows, TestContext.Current.CancellationToken);

            Assert.Equal(values.SelectMany(value => value == Bad ? [0f, 0f] : new float[] { value, -value }), rows);
            Assert.Equal(Enumerable.Range(0, values.Length).Where(i => values[i] == Bad), failures.Select(failure => failure.Index!.Value));
            Assert.All(failures, failure => Assert.Equal("255 is bad.", failure.Message));
            Assert.True(!encoderTellsIndex || encoder.Encoded <= 2 * values.Length, $"{encoder.Encoded} images were encoded for {values.Length}.");
        }
    }

    [Fact]
    public async Task A_destination_of_another_length_is_refused()
    {
        IImageEncoder encoder = new FirstByteEncoder(true);
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await encoder.EncodeValidAsync([new ImageData(new byte[1], "image/png")], new float[3], TestContext.Current.CancellationToken));
        Assert.Equal("destination", error.ParamName);
    }

    [Fact]
    public void An_encoder_gives_itself_out_as_what_it_is()
    {
        IImageEncoder encoder = new FirstByteEncoder(true);

        Assert.Same(encoder, encoder.GetService(typeof(FirstByteEncoder)));
        Assert.Null(encoder.GetService(typeof(ITextEncoder)));
    }

    /// <summary>Encodes an image as its first byte and the negative of it.</summary>
    private sealed class FirstByteEncoder(bool tellsIndex) : IImageEncoder
    {
        public EncoderInfo Info { get; } = new("first byte", 2, isUnitLength: false);

        public int Encoded { get; private set; }

        public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            Assert.Equal(images.Count * 2, destination.Length);
            for (int i = 0; i < images.Count; i++)
            {
                byte value = images[i].Data.Span[0];
                if (value == Bad)
                {
                    throw new InvalidImageException($"{images[i].Source} is bad.") { Index = tellsIndex ? i : null };
                }

                Encoded++;
                destination.Span[i * 2] = value;
                destination.Span[(i * 2) + 1] = -(float)value;
            }

            return ValueTask.CompletedTask;
        }
    }
}
