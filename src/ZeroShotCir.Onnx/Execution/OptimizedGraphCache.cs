using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Identity;

namespace ZeroShotCir.Onnx.Execution;

/// <summary>
/// Keeps graphs as ONNX Runtime has optimised them, one folder each, named after everything that shaped them: the bytes of the
/// graph and of its external weights, the options, the runtime and the processor. An entry that is damaged is made again.
/// </summary>
internal static class OptimizedGraphCache
{
    private const string GraphFile = "graph.onnx";
    private const string ChecksumFile = "graph.sha256";
    private const int KeyDigits = 32;

    /// <summary>Loads the optimised graph, or optimises the original and keeps the result for the next time.</summary>
    /// <param name="cache">The folder of all entries.</param>
    /// <param name="path">The original.</param>
    /// <param name="weights">The files that hold its weights, beside the graph itself.</param>
    /// <param name="session">Makes the settings of a session.</param>
    /// <param name="options">What they are made of.</param>
    public static InferenceSession Load(string cache, string path, IReadOnlyList<string> weights, Func<SessionOptions> session, OnnxExecutionOptions options)
    {
        string entry = Path.Combine(cache, Key(path, weights, options));
        return TryLoad(entry, session) ?? Make(cache, entry, path, session);
    }

    private static InferenceSession? TryLoad(string entry, Func<SessionOptions> session)
    {
        if (!Directory.Exists(entry))
        {
            return null;
        }

        try
        {
            string optimised = Path.Combine(entry, GraphFile);
            if (File.ReadAllText(Path.Combine(entry, ChecksumFile)) == Checksum(optimised))
            {
                using SessionOptions settings = session();
                settings.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
                return new InferenceSession(optimised, settings);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxRuntimeException)
        {
            // The entry is damaged or on its way out; the original tells what is wrong, if anything is.
        }

        Delete(entry);
        return null;
    }

    private static InferenceSession Make(string cache, string entry, string path, Func<SessionOptions> session)
    {
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

        try
        {
            using SessionOptions settings = session();
            settings.OptimizedModelFilePath = Path.Combine(draft, GraphFile);
            InferenceSession loaded = new(path, settings);
            Keep(draft, entry);
            return loaded;
        }
        catch (OnnxRuntimeException)
        {
            // A disk that is full, or a graph that cannot be written in one file, is no fault of the model: without the cache it loads or says what is wrong.
            Delete(draft);
            using SessionOptions settings = session();
            return new InferenceSession(path, settings);
        }
    }

    private static void Keep(string draft, string entry)
    {
        try
        {
            string graph = Path.Combine(draft, GraphFile);
            using (FileStream checksum = new(Path.Combine(draft, ChecksumFile), FileMode.CreateNew))
            {
                checksum.Write(Encoding.ASCII.GetBytes(Checksum(graph)));
                checksum.Flush(flushToDisk: true);
            }

            using (FileStream written = new(graph, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            if (!Directory.Exists(entry))
            {
                Directory.Move(draft, entry);
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The graph is loaded; that another process won the race, or that the file is still in use, costs the next start some time and nothing else.
        }

        Delete(draft);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What another process still reads is left to it.
        }
    }

    private static string Checksum(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string Key(string path, IReadOnlyList<string> weights, OnnxExecutionOptions options)
    {
        using IdentityHash hash = new();
        hash.AddFile(path);
        foreach (string file in weights)
        {
            hash.AddFile(file);
        }

        hash.Add("provider", options.Provider.ToString());
        hash.Add("optimization", options.Optimization.ToString());
        hash.Add("runtime", OrtEnv.Instance().GetVersionString());
        hash.Add("architecture", RuntimeInformation.ProcessArchitecture.ToString());
        hash.Add("512", Vector512.IsHardwareAccelerated);
        hash.Add("256", Vector256.IsHardwareAccelerated);
        return $"{Path.GetFileNameWithoutExtension(path)}-{hash.Finish(KeyDigits)}";
    }
}
