using BenchmarkDotNet.Attributes;
using SkiaSharp;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Benchmarks.Imaging;

/// <summary>One JPEG of 1024 × 768 from encoded bytes to CLIP's tensor; the baseline is decoding alone.</summary>
[MemoryDiagnoser]
public class JpegToTensorBenchmark
{
    private readonly SkiaImageDecoder _decoder = new();
    private readonly ImagePreprocessor _preprocessor = new(new ImagePreprocessing());
    private readonly float[] _tensor = new float[3 * 224 * 224];
    private byte[] _jpeg = null!;

    [GlobalSetup]
    public void Setup()
    {
        using SKBitmap bitmap = new(1024, 768);
        using SKCanvas canvas = new(bitmap);
        using SKPaint paint = new() { Shader = SKShader.CreatePerlinNoiseTurbulence(0.02f, 0.02f, 4, 7) };
        canvas.DrawPaint(paint);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        _jpeg = data.ToArray();
    }

    [Benchmark(Baseline = true)]
    public RgbImage Decode() => _decoder.Decode(_jpeg, DecodeLimits.Default);

    [Benchmark]
    public void DecodeAndPreprocess() => _preprocessor.Preprocess(_decoder.Decode(_jpeg, DecodeLimits.Default), _tensor);
}
