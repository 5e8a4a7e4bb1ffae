namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What it took to have the embeddings of a run; images and texts that a cache remembered are not counted.</summary>
internal sealed record EncodingEffort(double Seconds, int Images, int Texts)
{
    public static EncodingEffort operator +(EncodingEffort first, EncodingEffort second)
        => new(first.Seconds + second.Seconds, first.Images + second.Images, first.Texts + second.Texts);
}
