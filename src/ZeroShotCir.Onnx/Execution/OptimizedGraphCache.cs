using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Files;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Identity;

namespace ZeroShotCir.Onnx.Execution;

/// <summary>
/// Keeps graphs as ONNX Runtime has optimized them, one folder each, named after everything that shaped them: the bytes of the
/// graph and of its external weights, the options, the runtime and the processor. An entry that is damaged is made again.
/// </summary>
internal static partial class OptimizedGraphCache
{
    private const string GraphFile = "graph.onnx";
    private const string ChecksumFile = "graph.sha256";
    private const int KeyDigits = 32;

    /// <summary>Beyond this a graph cannot be kept: one file of it would not be read again.</summary>
    private const long LargestKept = 2_000_000_000;

    private static readonly TimeSpan Unused = TimeSpan.FromDays(90);
    private static readonly TimeSpan StepOfUse = TimeSpan.FromDays(1);

    /// <summary>Loads the optimized graph, or optimizes the original and keeps the result for the next time, unless it is too large to be kept.</summary>
    /// <param name="cache">The folder of all entries.</param>
    /// <param name="path">The original.</param>
    /// <param name="weights">The files that hold its weights, beside the graph itself.</param>
    /// <param name="session">Makes the settings of a session.</param>
    /// <param name="options">What they are made of.</param>
    public static InferenceSession Load(string cache, string path, IReadOnlyList<string> weights, Func<SessionOptions> session, OnnxExecutionOptions options)
    {
        if (IsTooLarge(path, weights))
        {
            return LoadOriginal(path, session);
        }

        bool byStamp = options.OptimizedGraphCacheByStamp;
        using IdentityHash hash = new(byStamp);
        string entry = Path.Combine(cache, Key(hash, path, weights, options));
        return byStamp && RememberedIdentity.IsUnsettled(hash.LastWrite)
            ? LoadOriginal(path, session)
            : TryLoad(entry, session, byStamp) ?? Make(cache, entry, path, session);
    }

    private static InferenceSession LoadOriginal(string path, Func<SessionOptions> session)
    {
        using SessionOptions settings = session();
        return new InferenceSession(path, settings);
    }

    // Before anything is hashed: of what is not kept nothing need be read twice.
    private static bool IsTooLarge(string path, IReadOnlyList<string> weights)
    {
        try
        {
            return weights.Append(path).Sum(FileLength.Read) > LargestKept;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Hashing says which file cannot be read.
            return false;
        }
    }

    private static InferenceSession? TryLoad(string entry, Func<SessionOptions> session, bool byStamp)
    {
        if (!Directory.Exists(entry))
        {
            return null;
        }

        try
        {
            string optimized = Path.Combine(entry, GraphFile), checksum = Path.Combine(entry, ChecksumFile);
            if (IsWhole(optimized, File.ReadAllText(checksum).Split(' '), byStamp))
            {
                MarkUsed(checksum);
                using SessionOptions settings = session();
                settings.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
                return new InferenceSession(optimized, settings);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxRuntimeException)
        {
            // The entry is damaged or on its way out; the original tells what is wrong, if anything is.
        }

        Delete(entry);
        return null;
    }

    private static bool IsWhole(string optimized, string[] kept, bool byStamp)
        => (byStamp && kept is [_, var stamp] && stamp == StampOf(optimized)) || kept[0] == Checksum(optimized);

    private static string StampOf(string path)
    {
        FileInfo file = new(path);
        return FormattableString.Invariant($"{file.Length}/{file.LastWriteTimeUtc.Ticks}");
    }

    private static void MarkUsed(string checksum)
    {
        if (DateTime.UtcNow - File.GetLastWriteTimeUtc(checksum) <= StepOfUse)
        {
            return;
        }

        try
        {
            File.SetLastWriteTimeUtc(checksum, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's entry, or one that can only be read, is as good as one's own.
        }
    }

    /// <summary>
    /// Deletes entries that nobody has used for long: of models that are gone, older runtimes, other options. The folder may hold what is
    /// not the cache's, which stays.
    /// </summary>
    private static void DeleteUnused(string cache)
    {
        foreach (string entry in Directory.GetDirectories(cache))
        {
            if (EntryName().IsMatch(Path.GetFileName(entry))
                && DateTime.UtcNow - Directory.GetLastWriteTimeUtc(entry) > Unused
                && DateTime.UtcNow - File.GetLastWriteTimeUtc(Path.Combine(entry, ChecksumFile)) > Unused)
            {
                Delete(entry);
            }
        }
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
            throw new InvalidModelException($"The folder for optimized graphs '{cache}' cannot be written: {e.Message} Choose another folder or none.", e);
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
            return LoadOriginal(path, session);
        }
    }

    private static void Keep(string draft, string entry)
    {
        try
        {
            string graph = Path.Combine(draft, GraphFile);
            using (FileStream checksum = new(Path.Combine(draft, ChecksumFile), FileMode.CreateNew))
            {
                checksum.Write(Encoding.ASCII.GetBytes($"{Checksum(graph)} {StampOf(graph)}"));
                checksum.Flush(flushToDisk: true);
            }

            using (FileStream written = new(graph, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            if (!Directory.Exists(entry))
            {
                Directory.Move(draft, entry);
                DeleteUnused(Path.GetDirectoryName(entry)!);
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

    private static string Key(IdentityHash hash, string path, IReadOnlyList<string> weights, OnnxExecutionOptions options)
    {
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

    // An entry, or the draft of one that was never finished.
    [GeneratedRegex(@"-[0-9a-f]{32}(\.[0-9a-f]{32})?\z")]
    private static partial Regex EntryName();
}
