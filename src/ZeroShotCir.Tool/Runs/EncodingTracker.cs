using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Adds up the progress of several data sets, also of ones that are encoded at the same time.</summary>
internal sealed class EncodingTracker(IProgress<int> progress)
{
    private static readonly string[] Stages = ["images", "captions", "texts", "queries"];
    private readonly Lock _gate = new();
    private readonly List<int> _done = [];

    /// <summary>How far the progress of these data sets will count: an image takes about as long as its captions.</summary>
    public static int Steps(IReadOnlyList<EvaluationDataset> datasets) => datasets.Sum(Steps);

    /// <summary>Follows one data set.</summary>
    public IProgress<EncodingProgress> Follow(EvaluationDataset dataset)
    {
        lock (_gate)
        {
            _done.Add(0);
            return new Part(this, dataset, _done.Count - 1);
        }
    }

    private static int Steps(EvaluationDataset dataset) => Stages.Sum(stage => Steps(dataset, stage));

    private static int Steps(EvaluationDataset dataset, string stage) => stage is "texts" or "queries" ? dataset.Queries.Count : dataset.Gallery.Count;

    private void Report(int part, int done)
    {
        lock (_gate)
        {
            _done[part] = Math.Max(_done[part], done);
            progress.Report(_done.Sum());
        }
    }

    private sealed class Part(EncodingTracker tracker, EvaluationDataset dataset, int part) : IProgress<EncodingProgress>
    {
        public void Report(EncodingProgress value)
        {
            int before = Stages.TakeWhile(stage => stage != value.Stage).Sum(stage => Steps(dataset, stage));
            tracker.Report(part, before + (int)((long)Steps(dataset, value.Stage) * value.Done / Math.Max(1, value.Total)));
        }
    }
}
