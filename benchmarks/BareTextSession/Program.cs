using Microsoft.ML.OnnxRuntime;

// What a text search cannot do without: a session of the text graph, run once. No tokenizer, no gallery, no command line.
if (args is not [string graph, .. var rest])
{
    Console.Error.WriteLine("Usage: BareTextSession TEXT_MODEL.onnx [TOKENS]");
    return 2;
}

int tokens = rest is [string count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 77;
using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
using InferenceSession session = new(graph, options);
long[] ids = new long[tokens];
Array.Fill(ids, 1);
List<string> names = [.. session.InputMetadata.Keys];
List<OrtValue> inputs = [.. names.Select(_ => OrtValue.CreateTensorValueFromMemory(ids, [1, tokens]))];
using RunOptions run = new();
using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, names, inputs, session.OutputNames);
Console.WriteLine(outputs[0].GetTensorDataAsSpan<float>()[0]);
inputs.ForEach(input => input.Dispose());
return 0;
