using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Protobuf;

namespace ZeroShotCir.Onnx.Models;

/// <summary>Reads what an ONNX file says of an input or output (ValueInfoProto). Field numbers are those of onnx.proto.</summary>
internal static class OnnxTensorReader
{
    public static OnnxTensor Read(ProtobufReader value)
    {
        string name = string.Empty;
        OnnxTensor tensor = new(name, TensorElementType.DataTypeMax, [], []);
        while (value.Next())
        {
            switch (value.Field)
            {
                case 1:
                    name = value.Text();
                    break;
                case 2:
                    ProtobufReader type = value.Message();
                    while (type.Next())
                    {
                        if (type.Field == 1)
                        {
                            tensor = TensorType(type.Message());
                        }
                        else
                        {
                            type.Skip();
                        }
                    }

                    break;
                default:
                    value.Skip();
                    break;
            }
        }

        return tensor with { Name = name };
    }

    private static OnnxTensor TensorType(ProtobufReader type)
    {
        TensorElementType elementType = TensorElementType.DataTypeMax;
        List<long> dimensions = [];
        List<string> axisNames = [];
        while (type.Next())
        {
            switch (type.Field)
            {
                case 1:
                    elementType = (TensorElementType)type.Integer();
                    break;
                case 2:
                    ProtobufReader shape = type.Message();
                    while (shape.Next())
                    {
                        if (shape.Field != 1)
                        {
                            shape.Skip();
                            continue;
                        }

                        (long size, string axisName) = Dimension(shape.Message());
                        dimensions.Add(size);
                        axisNames.Add(axisName);
                    }

                    break;
                default:
                    type.Skip();
                    break;
            }
        }

        return new OnnxTensor(string.Empty, elementType, dimensions, axisNames);
    }

    private static (long Size, string AxisName) Dimension(ProtobufReader dimension)
    {
        long size = OnnxTensor.Dynamic;
        string axisName = string.Empty;
        while (dimension.Next())
        {
            switch (dimension.Field)
            {
                case 1:
                    size = dimension.Integer() is > 0 and long known ? known : OnnxTensor.Dynamic;
                    break;
                case 2:
                    axisName = dimension.Text();
                    break;
                default:
                    dimension.Skip();
                    break;
            }
        }

        return (size, axisName);
    }
}
