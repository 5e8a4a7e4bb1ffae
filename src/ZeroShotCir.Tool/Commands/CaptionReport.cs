using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary>Says how a run of captions ended.</summary>
internal static class CaptionReport
{
    public static ToolResult Create(Terminal terminal, CaptionDocument document, FileInfo file, string things)
    {
        foreach (FailedFile failed in document.Failed)
        {
            terminal.Warn($"{failed.File}: {failed.Error}");
        }

        TokenDocument tokens = document.Tokens;
        string spent = tokens.Requests > 0 ? $"; {Spending.Tokens(tokens.Input, tokens.Output, tokens.Cost)}" : "";
        string counts = FormattableString.Invariant($"{document.Captioned:N0} {things} described, {document.Reused:N0} already were, {document.Failed.Count:N0} failed");
        terminal.Out.MarkupLineInterpolated($"{counts} in '{file}', {document.Seconds:0.0} s{spent}");
        if (document.NotTried > 0)
        {
            return Fail($"{document.NotTried:N0} {things} were not tried. {document.StoppedBy}");
        }

        return document.Captioned + document.Reused == 0
            ? Fail($"All {document.Failed.Count:N0} {things} failed; see the lines above.")
            : ToolResult.From(document, json => json.CaptionDocument);

        ToolResult Fail(string message)
        {
            terminal.Fail(message);
            return ToolResult.From(document with { Error = new ErrorDocument("CaptionRunFailed", message) }, json => json.CaptionDocument, ExitCode.Failed);
        }
    }
}
