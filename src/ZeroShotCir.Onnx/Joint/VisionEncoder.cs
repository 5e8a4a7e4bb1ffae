using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Buffers;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Joint;

/// <summary>
/// Makes soft tokens of images. An image has thousands of patches, so a run takes one image: its tokens then depend on nothing else,
/// and the next image is decoded meanwhile.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class VisionEncoder(JointModel model, OnnxSession session, IImageDecoder decoder, DecodeOptions options, SoftTokenCache? cache) : IDisposable
{
    private readonly JointPixels _pixels = model.Pixels!;
    private readonly TensorElementType _type = session.Inputs.First(input => input.Name == JointModel.PixelsInput).ElementType;

    /// <summary>The soft tokens of images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="bad">Takes what is wrong with each bad image, whose soft tokens are then missing; without it the first one ends the call.</param>
    /// <param name="load">Counts what the graph is given.</param>
    /// <param name="cancellationToken">Stops the work between images.</param>
    /// <exception cref="InvalidImageException">An image is bad; its index is its place among these.</exception>
    public ImageTokens?[] Encode(IReadOnlyList<ImageData> images, List<InvalidImageException>? bad, JointLoad load, CancellationToken cancellationToken)
    {
        ImageTokens?[] tokens = new ImageTokens?[images.Count];
        string[] keys = new string[images.Count];
        List<int> missing = [];
        for (int i = 0; i < tokens.Length; i++)
        {
            keys[i] = cache is null ? string.Empty : SoftTokenCache.KeyOf(images[i]);
            tokens[i] = cache?.Find(keys[i]);
            if (tokens[i] is null)
            {
                missing.Add(i);
            }
        }

        Task<PreparedImage>? next = Begin(0);
        for (int m = 0; next is not null; m++)
        {
            Task<PreparedImage> current = next;
            int index = missing[m];
            try
            {
                using PreparedImage image = current.GetAwaiter().GetResult();
                next = Begin(m + 1);
                ImageTokens made = Run(image, images[index], cancellationToken);
                tokens[index] = made;
                int patches = image.Tokens * _pixels.Pooling * _pixels.Pooling;
                load.AddImage(patches, _pixels.Patches - patches);
                cache?.Keep(keys[index], made);
            }
            catch (InvalidImageException e) when (bad is not null)
            {
                bad.Add(e);
                next = Begin(m + 1);
            }
            catch
            {
                // Nobody waits for what is being prepared; its memory goes back when it is done.
                _ = next?.ContinueWith(static done => done.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                throw;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return tokens;

        Task<PreparedImage>? Begin(int m)
            => m < missing.Count && !cancellationToken.IsCancellationRequested ? Task.Run(() => Prepare(images, missing[m]), CancellationToken.None) : null;
    }

    /// <summary>Releases the graph, after the runs in flight.</summary>
    public void Dispose() => session.Dispose();

    private PreparedImage Prepare(IReadOnlyList<ImageData> images, int index)
    {
        try
        {
            using JointRows rows = new(_pixels);
            decoder.DecodeRows(images[index], options, rows);
            PreparedImage prepared = new(_type, _pixels);
            try
            {
                prepared.Tokens = Write(rows, prepared);
                return prepared;
            }
            catch
            {
                prepared.Dispose();
                throw;
            }
        }
        catch (InvalidImageException e)
        {
            throw new InvalidImageException(images[index].Source is null ? $"Image {index}: {e.Message}" : e.Message, e) { Index = index };
        }
    }

    private int Write(JointRows rows, PreparedImage prepared)
    {
        Span<long> positions = prepared.Positions.GetTensorMutableDataAsSpan<long>();
        if (_type == TensorElementType.Float)
        {
            return rows.Write(prepared.Pixels.GetTensorMutableDataAsSpan<float>(), positions);
        }

        Span<byte> halves = prepared.Pixels.GetTensorMutableRawData();
        int count = halves.Length / 2;
        using RentedArray<float> pixels = new(count);
        int tokens = rows.Write(pixels.Span, positions);
        TensorPrimitives.ConvertToHalf(pixels.Span, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(halves));
        return tokens;
    }

    private ImageTokens Run(PreparedImage image, ImageData data, CancellationToken cancellationToken)
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
            [JointModel.PixelsInput, JointModel.PositionsInput], [image.Pixels, image.Positions], [JointModel.FeaturesOutput], cancellationToken);
        long[] shape = outputs[0].GetTensorTypeAndShape().Shape;
        if (shape is not [long count, long width] || count != image.Tokens || width != model.Width)
        {
            throw new InvalidModelException(
                $"The graph '{session.Path}' made {string.Join(" × ", shape)} numbers of {data.Source ?? "an image"}; "
                + $"expected {image.Tokens} soft tokens × {model.Width}. Use graphs and settings of one model.");
        }

        return new ImageTokens(image.Tokens, JointTensors.ToSingle(outputs[0]));
    }

    /// <summary>An image as the graph takes it.</summary>
    private sealed class PreparedImage(TensorElementType type, JointPixels pixels) : IDisposable
    {
        public OrtValue Pixels { get; } = JointTensors.Allocate(type, 1, pixels.Patches, pixels.PatchValues);

        public OrtValue Positions { get; } = JointTensors.Allocate(TensorElementType.Int64, 1, pixels.Patches, 2);

        public int Tokens { get; set; }

        public void Dispose()
        {
            Pixels.Dispose();
            Positions.Dispose();
        }
    }
}
