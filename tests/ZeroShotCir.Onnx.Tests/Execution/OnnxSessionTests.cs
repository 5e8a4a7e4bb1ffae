using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Execution;

public sealed class OnnxSessionTests : IDisposable
{
    private const int Width = 256;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_session_tells_names_types_and_shapes()
    {
        using OnnxSession session = Open(layers: 1);

        OnnxTensor input = Assert.Single(session.Inputs);
        Assert.Equal("x", input.Name);
        Assert.Equal(TensorElementType.Float, input.ElementType);
        Assert.Equal([OnnxTensor.Dynamic, Width], input.Dimensions);
        Assert.Equal("rows × 256", input.Shape);
        Assert.Equal("y", Assert.Single(session.Outputs).Name);
    }

    [Fact]
    public void Runs_of_many_threads_give_the_same_bits()
    {
        using OnnxSession session = Open(layers: 4);
        float[] expected = Run(session, 3);

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Equal(expected, Run(session, 3)));
    }

    [Fact]
    public async Task Dispose_waits_for_runs_in_flight_and_later_runs_are_refused()
    {
        OnnxSession session = Open(layers: 60);
        using CountdownEvent started = new(4);
        int ended = 0;
        Task<float[]>[] runs = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using OnnxSession.Use use = session.BeginUse();
            started.Signal();
            float[] result = RunBound(use, 512);
            Interlocked.Increment(ref ended);
            return result;
        }))];
        started.Wait(TestContext.Current.CancellationToken);

        session.Dispose();

        Assert.Equal(4, ended);
        float[][] results = await Task.WhenAll(runs);
        Assert.All(results, result => Assert.Equal(results[0], result));
        Assert.Throws<ObjectDisposedException>(() => session.BeginUse());
        Assert.Throws<ObjectDisposedException>(() => Run(session, 1));
        session.Dispose();
    }

    [Fact]
    public void Racing_runs_and_disposals_never_touch_a_released_session()
    {
        for (int round = 0; round < 20; round++)
        {
            OnnxSession session = Open(layers: 2);
            int refused = 0;
            Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                try
                {
                    while (true)
                    {
                        Run(session, 1);
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            session.Dispose();
            Array.ForEach(threads, thread => thread.Join());
            Assert.Equal(4, refused);
        }
    }

    [Fact]
    public void The_last_of_two_owners_releases_the_session()
    {
        OnnxSession session = Open(layers: 1);
        Assert.True(session.TryShare());

        session.Dispose();
        Run(session, 1);
        session.Dispose();

        Assert.False(session.TryShare());
        Assert.Throws<ObjectDisposedException>(() => Run(session, 1));
    }

    [Fact]
    public void Cancelling_ends_a_run_early_and_leaves_the_session_usable()
    {
        using OnnxSession session = Open(layers: 400);
        using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(20));
        Stopwatch watch = Stopwatch.StartNew();

        Assert.Throws<OperationCanceledException>(() => RunUntil(session, 4096, cancellation.Token));

        TestContext.Current.TestOutputHelper!.WriteLine($"Ended {watch.ElapsedMilliseconds} ms after the start.");
        Assert.Equal(Width, Run(session, 1).Length);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string path = _folder.File("missing.onnx");
        InvalidModelException error = Assert.Throws<InvalidModelException>(() => OnnxSession.Open(path, new OnnxExecutionOptions()));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cuda, "CUDA", "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData(ExecutionProvider.DirectMl, "DirectML", "Microsoft.ML.OnnxRuntime.DirectML")]
    [InlineData(ExecutionProvider.CoreMl, "CoreML", "Microsoft.ML.OnnxRuntime")]
    [InlineData(ExecutionProvider.OpenVino, "OpenVINO", "Intel.ML.OnnxRuntime.OpenVino")]
    [InlineData(ExecutionProvider.Xnnpack, "XNNPACK", "Microsoft.ML.OnnxRuntime")]
    public void A_provider_that_the_native_package_lacks_is_named_with_its_package(ExecutionProvider provider, string name, string package)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The native package of Linux has the processor only; others have more.");
        string path = Save(layers: 1);

        OnnxRuntimeUnavailableException error = Assert.Throws<OnnxRuntimeUnavailableException>(
            () => OnnxSession.Open(path, new OnnxExecutionOptions { Provider = provider }));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(package, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_native_library_is_explained_by_the_package_that_brings_it()
    {
        TypeInitializationException error = new("Microsoft.ML.OnnxRuntime.NativeMethods", new DllNotFoundException("onnxruntime"));

        Assert.True(OnnxRuntimeLoader.IsNativeLibraryMissing(error, out OnnxRuntimeUnavailableException? translated));
        Assert.Contains("Add the package Microsoft.ML.OnnxRuntime", translated.Message, StringComparison.Ordinal);
        Assert.False(OnnxRuntimeLoader.IsNativeLibraryMissing(new InvalidOperationException(), out _));
    }

    [Fact]
    public void An_optimized_graph_is_kept_and_used_by_the_next_start()
    {
        string path = Save(layers: 3);
        OnnxExecutionOptions options = new() { OptimizedGraphCache = _folder.File("cache") };
        float[] expected = RunOnce(path, options);

        string entry = Assert.Single(Directory.GetDirectories(_folder.File("cache")));
        string graph = Assert.Single(Directory.GetFiles(entry, "*.onnx"));
        DateTime written = File.GetLastWriteTimeUtc(graph);
        using OnnxSession second = OnnxSession.Open(path, options);

        Assert.Equal(expected, Run(second, 2));
        Assert.Equal(written, File.GetLastWriteTimeUtc(graph));
        Assert.Single(Directory.GetDirectories(_folder.File("cache")));
    }

    [Fact]
    public void A_graph_of_equal_size_and_time_is_told_from_the_one_in_the_cache()
    {
        OnnxExecutionOptions options = new() { OptimizedGraphCache = _folder.File("cache") };
        string path = Save(layers: 1, seed: 1);
        DateTime time = File.GetLastWriteTimeUtc(path);
        float[] old = RunOnce(path, options);
        long length = new FileInfo(path).Length;
        Save(layers: 1, seed: 2);
        File.SetLastWriteTimeUtc(path, time);

        float[] cached = RunOnce(path, options);

        Assert.Equal(length, new FileInfo(path).Length);
        Assert.Equal(RunOnce(path, new OnnxExecutionOptions()), cached);
        Assert.NotEqual(old, cached);
    }

    [Fact]
    public void Replaced_external_weights_are_told_from_those_in_the_cache()
    {
        OnnxExecutionOptions options = new() { OptimizedGraphCache = _folder.File("cache") };
        string path = _folder.File("external.onnx");
        new OnnxGraph().Input("x", TensorElementType.Float, "rows", Width).Output("y", TensorElementType.Float, "rows", Width)
            .ExternalWeights("w", "external.bin", Width, Width).Node("MatMul", ["x", "w"], "y").Save(path);
        WriteWeights(seed: 1);
        float[] old = RunOnce(path, options, _folder.File("external.bin"));
        WriteWeights(seed: 2);

        float[] cached = RunOnce(path, options, _folder.File("external.bin"));

        Assert.Equal(RunOnce(path, new OnnxExecutionOptions()), cached);
        Assert.NotEqual(old, cached);

        void WriteWeights(int seed)
        {
            Random random = new(seed);
            byte[] bytes = [.. Enumerable.Range(0, Width * Width).SelectMany(_ => BitConverter.GetBytes(random.NextSingle()))];
            File.WriteAllBytes(_folder.File("external.bin"), bytes);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-1)]
    public void A_damaged_entry_is_made_again_from_the_original(int length)
    {
        string path = Save(layers: 3);
        OnnxExecutionOptions options = new() { OptimizedGraphCache = _folder.File("cache") };
        float[] expected = RunOnce(path, options);
        string graph = Directory.GetFiles(Assert.Single(Directory.GetDirectories(_folder.File("cache"))), "*.onnx").Single();
        byte[] whole = File.ReadAllBytes(graph);
        byte[] damaged = length < 0 ? [.. whole] : whole[..length];
        if (length < 0)
        {
            damaged[damaged.Length / 2] ^= 0x40;
        }

        File.WriteAllBytes(graph, damaged);

        Assert.Equal(expected, RunOnce(path, options));
        Assert.Equal(whole, File.ReadAllBytes(Directory.GetFiles(Assert.Single(Directory.GetDirectories(_folder.File("cache"))), "*.onnx").Single()));
    }

    [Fact]
    public void A_graph_known_by_its_stamp_is_taken_from_the_cache_once_it_has_settled_and_made_again_when_it_changes()
    {
        OnnxExecutionOptions options = new() { OptimizedGraphCache = _folder.File("cache"), OptimizedGraphCacheByStamp = true };
        string path = Save(layers: 1, seed: 1);
        float[] old = RunOnce(path, new OnnxExecutionOptions());
        Assert.Equal(old, RunOnce(path, options));
        Assert.False(Directory.Exists(_folder.File("cache")));

        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-2));
        Assert.Equal(old, RunOnce(path, options));
        string entry = Assert.Single(Directory.GetDirectories(_folder.File("cache")));
        Assert.Equal(old, RunOnce(path, options));

        // Nothing reads the bytes of what is whole by its stamp; a graph cut off is made again.
        string graph = Assert.Single(Directory.GetFiles(entry, "*.onnx"));
        byte[] whole = File.ReadAllBytes(graph);
        File.WriteAllBytes(graph, whole[..100]);
        Assert.Equal(old, RunOnce(path, options));
        Assert.Equal(whole, File.ReadAllBytes(graph));

        Save(layers: 1, seed: 2);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        float[] other = RunOnce(path, options);
        Assert.NotEqual(old, other);
        Assert.Equal(RunOnce(path, new OnnxExecutionOptions()), other);
        Assert.Equal(2, Directory.GetDirectories(_folder.File("cache")).Length);
    }

    [Fact]
    public void Entries_that_nobody_has_used_for_long_are_deleted_when_another_is_made()
    {
        OnnxExecutionOptions options = new() { OptimizedGraphCache = _folder.File("cache") };
        RunOnce(Save(layers: 1), options);
        string entry = Assert.Single(Directory.GetDirectories(_folder.File("cache")));
        File.SetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(entry, "*.sha256")), DateTime.UtcNow.AddDays(-100));
        Directory.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddDays(-100));
        Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(_folder.File("cache/models-of-somebody")).FullName, DateTime.UtcNow.AddDays(-100));
        RunOnce(Save(layers: 2), options);
        Assert.Equal((false, true), (Directory.Exists(entry), Directory.Exists(_folder.File("cache/models-of-somebody"))));
        Assert.Equal(2, Directory.GetDirectories(_folder.File("cache")).Length);
    }

    [Fact]
    public void Starts_at_the_same_time_give_the_same_bits()
    {
        OnnxExecutionOptions options = new() { OptimizedGraphCache = _folder.File("cache"), OptimizedGraphCacheByStamp = true };
        string path = Save(layers: 3);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        float[] expected = RunOnce(path, new OnnxExecutionOptions());
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Equal(expected, RunOnce(path, options)));
        Assert.Single(Directory.GetDirectories(_folder.File("cache")));
    }

    [Fact]
    public void A_damaged_model_is_blamed_itself_and_leaves_nothing_in_the_cache()
    {
        string path = Save(layers: 1);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..200]);
        OnnxExecutionOptions options = new() { OptimizedGraphCache = _folder.File("cache") };

        Assert.Contains(path, Assert.Throws<InvalidModelException>(() => RunOnce(path, options)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("cache")));
    }

    private static float[] Run(OnnxSession session, int rows) => RunUntil(session, rows, CancellationToken.None);

    private static float[] RunUntil(OnnxSession session, int rows, CancellationToken cancelled)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(Rows(rows), [rows, Width]);
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(["x"], [input], ["y"], cancelled);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static float[] RunBound(OnnxSession.Use use, int rows)
    {
        float[] y = new float[rows * Width];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(Rows(rows), [rows, Width]);
        using OrtValue output = OrtValue.CreateTensorValueFromMemory(y, [rows, Width]);
        using OrtIoBinding binding = use.CreateBinding();
        using RunOptions options = new();
        binding.BindInput("x", input);
        binding.BindOutput("y", output);
        use.Run(binding, options, CancellationToken.None);
        return y;
    }

    private static float[] Rows(int rows) => [.. Enumerable.Range(0, rows * Width).Select(i => (i % 7) - 3f)];

    private static float[] RunOnce(string path, OnnxExecutionOptions options, params string[] weights)
    {
        using OnnxSession session = OnnxSession.Open(path, options, weights);
        return Run(session, 2);
    }

    private OnnxSession Open(int layers) => OnnxSession.Open(Save(layers), new OnnxExecutionOptions());

    private string Save(int layers, int seed = 1)
    {
        OnnxGraph graph = new OnnxGraph()
            .Input("x", TensorElementType.Float, "rows", Width)
            .Output("y", TensorElementType.Float, "rows", Width)
            .RandomWeights("w", seed, scale: 0.1f, Width, Width);
        for (int i = 0; i < layers; i++)
        {
            graph.Node("MatMul", [i == 0 ? "x" : $"h{i}", "w"], i == layers - 1 ? "y" : $"h{i + 1}");
        }

        string path = _folder.File($"layers-{layers}.onnx");
        graph.Save(path);
        return path;
    }
}
