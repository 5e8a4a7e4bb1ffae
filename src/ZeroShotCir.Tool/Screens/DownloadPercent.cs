using ZeroShotCir.Onnx.Hub;

namespace ZeroShotCir.Tool.Screens;

/// <summary>Turns what a download reports into the hundredths of a bar.</summary>
internal sealed class DownloadPercent(IProgress<int> bar) : IProgress<ModelDownloadProgress>
{
    public const int Whole = 100;

    public void Report(ModelDownloadProgress value)
    {
        double file = value.FileBytes < value.FileLength ? (double)value.FileBytes / value.FileLength : 0;
        bar.Report((int)(Whole * (value.FilesDone + file) / value.FileCount));
    }
}
