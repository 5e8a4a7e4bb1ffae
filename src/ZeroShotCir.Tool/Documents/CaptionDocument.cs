using System.Text.Json.Serialization;
using ZeroShotCir.Answers;
using ZeroShotCir.Errors;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir caption</c> and <c>cir compose</c>.</summary>
internal sealed record CaptionDocument(
    string Captioner, int Captioned, int Reused, int Imported, IReadOnlyList<FailedFile> Failed, int NotTried, TokenDocument Tokens, double Seconds) : PartialResult
{
    /// <summary>What ended the run before all were tried.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StoppedBy { get; init; }

    public static CaptionDocument From(string captioner, AnswerRunResult run, int imported, TokenDocument tokens, double seconds) => new(
        captioner,
        run.Answered,
        run.Reused,
        imported,
        [.. run.Failed.Select(failure => new FailedFile(failure.Id, failure.Error.Message))],
        run.NotTried,
        tokens,
        seconds)
    {
        StoppedBy = run.StoppedBy switch
        {
            null => null,
            ServiceUnavailableException { IsFinal: true } refused => $"Stopped. {refused.Message}",
            ZeroShotCirException last => $"Gave up after too many failures in a row. {last.Message}",
        },
    };
}
