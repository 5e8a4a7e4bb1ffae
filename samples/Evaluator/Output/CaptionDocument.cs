using ZeroShotCir.Captions;

namespace ZeroShotCir.Evaluator.Output;

/// <summary>The document of <c>cir caption</c> and <c>cir compose</c>.</summary>
internal sealed record CaptionDocument(
    string Captioner, int Captioned, int Reused, int Imported, IReadOnlyList<FailedFile> Failed, int NotTried, TokenDocument Tokens, double Seconds) : PartialResult
{
    public static CaptionDocument Of(string captioner, CaptionRunResult run, int imported, TokenDocument tokens, double seconds) => new(
        captioner,
        run.Captioned,
        run.Reused,
        imported,
        [.. run.Failed.Select(failure => new FailedFile(failure.Key, failure.Value.Message))],
        run.NotTried,
        tokens,
        seconds);
}
