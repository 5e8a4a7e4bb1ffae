using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Joint;

/// <summary>
/// Runs rows through the text graph. Rows of one run have one length, so none is padded. Long rows go alone: they keep a processor
/// busy, and a run that takes one row always or never gives a row the same bits in any company.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class JointTextGraph(JointModel model, OnnxSession session, int batchSize, bool mayMixRows) : IDisposable
{
    /// <summary>Rows of more ids go alone.</summary>
    private const int LongestTogether = 128;

    private readonly bool _takesSeveral =
        (model.Text.MixesRows is null || mayMixRows) && session.Inputs.First(input => input.Name == JointModel.IdsInput).Dimensions[0] != 1;

    private int MostRows => _takesSeveral ? batchSize : 1;

    /// <summary>Whether a short row that comes alone is given beside itself, because a single row differs in its last bits.</summary>
    private bool NeedsCompany => _takesSeveral && (model.Text.SetsOneRowApart || !session.PreparesWeights);

    /// <summary>Encodes rows and hands each embedding over with its row.</summary>
    public void Encode(IEnumerable<JointRow> rows, Action<JointRow, ReadOnlySpan<float>> write, CancellationToken cancellationToken)
    {
        foreach (IGrouping<int, JointRow> sameLength in rows.GroupBy(row => row.Ids.Length))
        {
            foreach (JointRow[] run in sameLength.Chunk(sameLength.Key > LongestTogether ? 1 : MostRows))
            {
                JointRow[] given = run.Length == 1 && sameLength.Key <= LongestTogether && NeedsCompany ? [run[0], run[0]] : run;
                float[] embeddings = Run(given, sameLength.Key, cancellationToken);
                for (int i = 0; i < run.Length; i++)
                {
                    write(run[i], embeddings.AsSpan(i * model.FullDimensions, model.FullDimensions));
                }
            }
        }
    }

    /// <summary>Releases the graph, after the runs in flight.</summary>
    public void Dispose() => session.Dispose();

    private float[] Run(JointRow[] rows, int length, CancellationToken cancellationToken)
    {
        List<OrtValue> inputs = [];
        try
        {
            foreach (OnnxTensor input in session.Inputs)
            {
                inputs.Add(Input(input, rows, length));
            }

            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
                [.. session.Inputs.Select(input => input.Name)], inputs, [JointModel.EmbeddingOutput], cancellationToken);
            long[] shape = outputs[0].GetTensorTypeAndShape().Shape;
            return shape is [long count, long dimensions] && count == rows.Length && dimensions == model.FullDimensions
                ? JointTensors.ToSingle(outputs[0])
                : throw new InvalidModelException(
                    $"The graph '{session.Path}' wrote '{JointModel.EmbeddingOutput}' of the shape {string.Join(" × ", shape)}; "
                    + $"expected {rows.Length} × {model.FullDimensions}.");
        }
        finally
        {
            inputs.ForEach(value => value.Dispose());
        }
    }

    private OrtValue Input(OnnxTensor input, JointRow[] rows, int length)
    {
        if (input.Name is JointModel.IdsInput or JointModel.MaskInput)
        {
            OrtValue ids = JointTensors.Allocate(TensorElementType.Int64, rows.Length, length);
            Span<long> values = ids.GetTensorMutableDataAsSpan<long>();
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = input.Name == JointModel.IdsInput ? rows[i / length].Ids[i % length] : 1;
            }

            return ids;
        }

        // Soft tokens of all images, those of the first row first; none of sound and video.
        ImageTokens[] images = input.Name == JointModel.FeaturesInput ? [.. rows.SelectMany(row => row.Images)] : [];
        long width = input.Dimensions[1] == OnnxTensor.Dynamic ? model.Width : input.Dimensions[1];
        OrtValue features = JointTensors.Allocate(input.ElementType, images.Sum(image => image.Count), width);
        int start = 0;
        foreach (ImageTokens image in images)
        {
            JointTensors.Write(features, input.ElementType, start, image.Values);
            start += image.Values.Length;
        }

        return features;
    }
}
