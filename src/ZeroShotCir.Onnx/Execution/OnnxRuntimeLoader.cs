using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Execution;

/// <summary>Loads graphs and says in plain words what is missing when that fails.</summary>
internal static class OnnxRuntimeLoader
{
    /// <summary>Loads a graph with external data from its own folder.</summary>
    /// <exception cref="InvalidModelException">The graph cannot be loaded.</exception>
    /// <exception cref="OnnxRuntimeUnavailableException">The native library or the execution provider is missing.</exception>
    public static InferenceSession Load(string path, IReadOnlyList<string> weights, OnnxExecutionOptions options)
    {
        try
        {
            if (options.OptimizedGraphCache is { } cache)
            {
                return OptimizedGraphCache.Load(cache, path, weights, () => CreateOptions(options), options);
            }

            using SessionOptions session = CreateOptions(options);
            return new InferenceSession(path, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidModelException($"The graph '{path}' cannot be loaded: {e.Message}", e);
        }
    }

    /// <summary>Says which package is missing, for the errors that a missing native library causes.</summary>
    public static bool IsNativeLibraryMissing(Exception error, [NotNullWhen(true)] out OnnxRuntimeUnavailableException? translated)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is DllNotFoundException or BadImageFormatException)
            {
                translated = new OnnxRuntimeUnavailableException(
                    "The native ONNX Runtime library is missing. Add the package Microsoft.ML.OnnxRuntime (or the one of your accelerator, "
                    + "such as Microsoft.ML.OnnxRuntime.Gpu) to the application; this library references only its managed part.",
                    error);
                return true;
            }
        }

        translated = null;
        return false;
    }

    private static SessionOptions CreateOptions(OnnxExecutionOptions options)
    {
        SessionOptions session;
        try
        {
            session = new SessionOptions();
        }
        catch (Exception e) when (IsNativeLibraryMissing(e, out OnnxRuntimeUnavailableException? translated))
        {
            throw translated;
        }

        try
        {
            // More threads than cores gain nothing, and the finer parts they cut an operator into round differently.
            session.IntraOpNumThreads = Math.Min(options.Threads, Environment.ProcessorCount);
            session.InterOpNumThreads = options.InterOpThreads;
            session.ExecutionMode = options.InterOpThreads > 1 ? ExecutionMode.ORT_PARALLEL : ExecutionMode.ORT_SEQUENTIAL;
            session.EnableCpuMemArena = options.MemoryArena;
            session.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
            session.GraphOptimizationLevel = options.Optimization switch
            {
                GraphOptimization.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
                GraphOptimization.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
                GraphOptimization.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
            };
            AppendProvider(session, options);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void AppendProvider(SessionOptions session, OnnxExecutionOptions options)
    {
        (string name, string package) = options.Provider switch
        {
            ExecutionProvider.Cuda => ("CUDA", "Microsoft.ML.OnnxRuntime.Gpu (with CUDA and cuDNN installed)"),
            ExecutionProvider.DirectMl => ("DirectML", "Microsoft.ML.OnnxRuntime.DirectML (Windows)"),
            ExecutionProvider.CoreMl => ("CoreML", "Microsoft.ML.OnnxRuntime (on macOS and iOS)"),
            ExecutionProvider.OpenVino => ("OpenVINO", "Intel.ML.OnnxRuntime.OpenVino"),
            ExecutionProvider.Xnnpack => ("XNNPACK", "Microsoft.ML.OnnxRuntime (on Android and iOS)"),
            _ => ("CPU", "Microsoft.ML.OnnxRuntime"),
        };
        try
        {
            switch (options.Provider)
            {
                case ExecutionProvider.Cuda:
                    session.AppendExecutionProvider_CUDA(options.DeviceId);
                    break;
                case ExecutionProvider.DirectMl:
                    // DirectML demands both.
                    session.EnableMemoryPattern = false;
                    session.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
                    session.AppendExecutionProvider_DML(options.DeviceId);
                    break;
                case ExecutionProvider.CoreMl:
                    session.AppendExecutionProvider("CoreML");
                    break;
                case ExecutionProvider.OpenVino:
                    session.AppendExecutionProvider_OpenVINO();
                    break;
                case ExecutionProvider.Xnnpack:
                    session.AppendExecutionProvider("XNNPACK", new Dictionary<string, string>
                    {
                        ["intra_op_num_threads"] = Math.Max(options.Threads, 1).ToString(CultureInfo.InvariantCulture),
                    });
                    break;
            }
        }
        catch (Exception e) when (e is EntryPointNotFoundException or OnnxRuntimeException or DllNotFoundException)
        {
            throw new OnnxRuntimeUnavailableException(
                MissingLibrary.Find(e.Message) is { } library
                    ? $"The {name} execution provider needs the library '{library}', which this machine does not have, or not where the system looks for libraries. "
                        + $"Install {MissingLibrary.SourceOf(library)}, and see that its folder is searched (LD_LIBRARY_PATH on Linux, PATH on Windows)."
                    : $"The native ONNX Runtime of this application has no {name} execution provider. Replace its native package by {package}, or choose another provider.",
                e);
        }
    }
}
