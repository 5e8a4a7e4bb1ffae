using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace ZeroShotCir.Onnx.Execution;

/// <summary>Keeps graphs as ONNX Runtime has optimised them, one folder each, named after everything that shaped them.</summary>
internal static class OptimizedGraphCache
{
    private const string GraphFile = "graph.onnx";

    /// <summary>Loads the optimised graph, or optimises the original and keeps the result for the next time.</summary>
    public static InferenceSession Load(string cache, string path, SessionOptions session, OnnxExecutionOptions options)
    {
        string entry = Path.Combine(cache, Key(path, options));
        string optimised = Path.Combine(entry, GraphFile);
        if (File.Exists(optimised))
        {
            session.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            return new InferenceSession(optimised, session);
        }

        // Written elsewhere and then renamed as a whole: a reader never sees half an entry, and of two writers one wins.
        string draft = $"{entry}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(draft);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidModelException($"The folder for optimised graphs '{cache}' cannot be written: {e.Message} Choose another folder or none.", e);
        }

        session.OptimizedModelFilePath = Path.Combine(draft, GraphFile);
        try
        {
            return new InferenceSession(path, session);
        }
        finally
        {
            Keep(draft, entry);
        }
    }

    private static void Keep(string draft, string entry)
    {
        try
        {
            if (File.Exists(Path.Combine(draft, GraphFile)) && !Directory.Exists(entry))
            {
                Directory.Move(draft, entry);
            }
            else
            {
                Directory.Delete(draft, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The graph is loaded; that another process won the race, or that the file is still in use, costs the next start some time and nothing else.
        }
    }

    private static string Key(string path, OnnxExecutionOptions options)
    {
        FileInfo file = new(path);
        string identity = string.Join(
            '|',
            file.FullName,
            file.Length.ToString(CultureInfo.InvariantCulture),
            file.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture),
            options.Provider,
            options.Optimization,
            OrtEnv.Instance().GetVersionString(),
            RuntimeInformation.ProcessArchitecture,
            Vector512.IsHardwareAccelerated,
            Vector256.IsHardwareAccelerated);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16];
        return $"{Path.GetFileNameWithoutExtension(path)}-{hash}";
    }
}
