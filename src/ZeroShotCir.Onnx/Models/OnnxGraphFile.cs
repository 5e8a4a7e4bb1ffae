using ZeroShotCir.Files;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Protobuf;

namespace ZeroShotCir.Onnx.Models;

/// <summary>
/// What an ONNX file says about its graph, read from the file alone: weights are passed over and ONNX Runtime is not needed.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Inputs">What the graph takes.</param>
/// <param name="Outputs">What the graph gives; without shapes where the file has none.</param>
/// <param name="Weights">The files beside it that hold its weights.</param>
/// <param name="Rows">By input: the number of rows of the table that it is looked up in, such as a vocabulary.</param>
/// <param name="UnitOutputs">The outputs that the graph itself divides by their length.</param>
internal sealed record OnnxGraphFile(
    string Path,
    IReadOnlyList<OnnxTensor> Inputs,
    IReadOnlyList<OnnxTensor> Outputs,
    IReadOnlyList<string> Weights,
    IReadOnlyDictionary<string, long> Rows,
    IReadOnlyList<string> UnitOutputs)
{
    /// <summary>The operation by which a row of a batch depends on the others, if only on how many they are; <see langword="null"/> where there is none.</summary>
    public string? MixesRows { get; init; }

    /// <summary>Whether a row alone differs in its last bits from the same row beside another one.</summary>
    public bool SetsOneRowApart { get; init; }

    /// <summary>Whether it has products of 8-bit numbers.</summary>
    public bool MultipliesBytes { get; init; }

    private static ReadOnlySpan<byte> LfsPointer => "version https://git-lfs"u8;

    /// <summary>The paths of the files beside it that hold its weights.</summary>
    public IReadOnlyList<string> WeightFiles => [.. Weights.Select(file => System.IO.Path.Combine(Folder, file))];

    /// <summary>All its files.</summary>
    public IReadOnlyList<string> Files => [Path, .. WeightFiles];

    /// <summary>The bytes of all its files.</summary>
    public long Bytes => Files.Sum(FileLength.Read);

    private string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <summary>Loads the graph.</summary>
    /// <exception cref="InvalidModelException">ONNX Runtime refuses it.</exception>
    /// <exception cref="OnnxRuntimeUnavailableException">The native library or the execution provider is missing.</exception>
    public OnnxSession Open(OnnxExecutionOptions options) => OnnxSession.Open(Path, options, WeightFiles);

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidModelException">It is missing, truncated, not ONNX, or its external weights are not there.</exception>
    public static OnnxGraphFile Read(string path)
    {
        OnnxGraphFile graph = Parse(path);
        graph.ThrowIfWeightsAreMissing();
        return graph;
    }

    /// <summary>Reads the file, whether its external weights are there or not.</summary>
    /// <exception cref="InvalidModelException">It is missing, truncated or not ONNX.</exception>
    public static OnnxGraphFile Parse(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            ThrowIfPointer(stream, path);
            OnnxGraphWalk walk = new();
            walk.Model(new ProtobufReader(stream));
            return walk.Result(path);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw new InvalidModelException($"'{path}' is not a complete ONNX file ({FileLength.Read(path)} bytes): {e.Message} Download it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidModelException($"The graph '{path}' cannot be read: {e.Message}", e);
        }
    }

    private static void ThrowIfPointer(FileStream stream, string path)
    {
        Span<byte> start = stackalloc byte[LfsPointer.Length];
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start[..length].SequenceEqual(LfsPointer))
        {
            throw new InvalidModelException($"'{path}' is a Git LFS pointer, not the ONNX file itself. Run 'git lfs pull' in the model folder, or download the file.");
        }
    }

    private void ThrowIfWeightsAreMissing()
    {
        foreach (string file in Weights)
        {
            if (file.Contains('\0') || System.IO.Path.IsPathRooted(file) || file.Split('/', '\\').Contains(".."))
            {
                throw new InvalidModelException($"The graph '{Path}' keeps weights in '{file}', outside of its folder. Graphs with such weights are not opened.");
            }

            if (!File.Exists(System.IO.Path.Combine(Folder, file)))
            {
                throw new InvalidModelException(
                    $"The graph '{Path}' keeps weights in '{file}', which is not in its folder. Found: {ModelFiles.List(Folder)}. Download it from the same place as the graph.");
            }
        }
    }
}
