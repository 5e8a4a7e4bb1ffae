using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Buffers;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>Decodes and preprocesses images straight into a graph's input.</summary>
/// <remarks>Thread-safe, for different items.</remarks>
internal sealed class ImagePreparation(GraphRunner runner, IImageDecoder decoder, ImagePreprocessor preprocessor, DecodeOptions options)
{
    /// <summary>For tests: called where a thread may be held up, between taking a number and using it; gets the number and how many there are.</summary>
    public Action<int, int>? NumberTaken { get; set; }

    /// <summary>Leaves nothing of an earlier image in the place of one that is bad.</summary>
    public void Clear(EncoderBatch inputs, int item)
    {
        switch (runner.Graph.Main.ElementType)
        {
            case TensorElementType.UInt8:
                inputs.Item<byte>(0, item, 0).Clear();
                break;
            case TensorElementType.Float16:
                inputs.Item<Half>(0, item, 0).Clear();
                break;
            default:
                inputs.Item<float>(0, item, 0).Clear();
                break;
        }
    }

    /// <summary>Writes an image as an item of a batch.</summary>
    /// <exception cref="InvalidImageException">The image is bad.</exception>
    public void Write(ImageData image, EncoderBatch inputs, int item)
    {
        switch (runner.Graph.Main.ElementType)
        {
            case TensorElementType.UInt8:
                preprocessor.PreprocessInto(decoder, image, options, inputs.ItemMemory(0, item));
                break;
            case TensorElementType.Float16:
                Span<Half> halves = inputs.Item<Half>(0, item, 0);
                using (RentedArray<float> values = new(halves.Length))
                {
                    preprocessor.Preprocess(decoder, image, options, values.Span);
                    TensorPrimitives.ConvertToHalf(values.Span, halves);
                }

                break;
            default:
                preprocessor.Preprocess(decoder, image, options, inputs.Item<float>(0, item, 0));
                break;
        }
    }
}
