using Spectre.Console;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary>Tells what <c>cir index</c> did: a line for what is new, a count for what is known.</summary>
internal static class IndexReport
{
    public static ToolResult Create(
        Terminal terminal, string gallery, GalleryScan scan, GalleryBuildResult built, CaptionDocument? captioned, EncodingLoad? load, EmbeddingUsage? usage, double seconds)
    {
        FailedFile[] failed =
        [
            .. scan.Problems.Select(problem => new FailedFile(problem.Name, problem.Message)),
            .. built.Failed.Select(failure => new FailedFile(failure.Id, failure.Message)),
        ];
        FailedFile[] known = [.. built.KnownFailed.Select(failure => new FailedFile(failure.Id, failure.Message))];
        IndexDocument document = new(
            built.Added, built.Replaced, built.Unchanged, built.Removed.Count, built.Renamed.Count, built.Missing, [.. failed, .. known], built.LeftOut, scan.Hidden, scan.Links,
            built.Duplicates, scan.Notes, built.Removed, [.. built.Renamed.Select(rename => new RenamedFile(rename.From, rename.To))], built.Count, captioned, seconds)
        {
            Gallery = gallery,
            Load = load,
            Usage = usage,
        };
        HashSet<string> unusable = [.. document.Failed.Select(failure => failure.File)];
        FailedFile[] uncaptioned = [.. captioned?.Failed.Where(failure => !unusable.Contains(failure.File)) ?? []];
        foreach (FailedFile failure in failed.Concat(uncaptioned))
        {
            terminal.Warn($"{failure.File}: {failure.Error}");
        }

        if (known.Length > 0)
        {
            string example = FormattableString.Invariant($"{known.Length:N0}, such as '{known[0].File}'");
            terminal.Note($"unusable since an earlier run and unchanged: {example}; --json lists them, --verify-content tries them again");
        }

        new LeftOutFiles(built.LeftOut, scan.Hidden, scan.Links).ReportTo(terminal);
        if (built.Missing.Count > 0)
        {
            terminal.Note(FormattableString.Invariant($"not where they were, and kept in the gallery: {built.Missing.Count:N0} pictures, such as '{built.Missing[0]}'"));
        }

        if (built.Duplicates > 0)
        {
            terminal.Note(built.Duplicates == 1
                ? "1 picture is an exact copy of another"
                : FormattableString.Invariant($"{built.Duplicates:N0} pictures are exact copies of others"));
        }

        if (load is { Patches: > 0 })
        {
            string padded = FormattableString.Invariant($"{100 * load.PaddedShare:0.0} % of what it was given for images was padding, none of what it was given for texts");
            terminal.Note(FormattableString.Invariant($"{load.Ids:N0} ids and {load.Patches:N0} patches went through the model; {padded}"));
        }

        if (built.Added + built.Unchanged + built.Renamed.Count == 0)
        {
            return ToolResult.NothingLeft(
                terminal, failed.Length + known.Length, error => ToolResult.From(document with { Error = error }, json => json.IndexDocument, ExitCode.Failed));
        }

        string counts = $"{Counts(built)}{Terminal.Failures(document.Failed.Count)}{Without(uncaptioned.Length)}";
        terminal.Out.MarkupLineInterpolated($"[bold]{built.Count:N0}[/] images in '{gallery}': {counts}, {seconds:0.0} s");
        if (captioned is not { NotTried: > 0 })
        {
            return ToolResult.From(document, json => json.IndexDocument);
        }

        string message = $"{captioned.NotTried:N0} pictures have no captions; run the same command again to caption them. {captioned.StoppedBy}";
        terminal.Fail(message);
        return ToolResult.From(document with { Error = new ErrorDocument("CaptionRunFailed", message) }, json => json.IndexDocument, ExitCode.Failed);
    }

    private static string Counts(GalleryBuildResult built)
    {
        string replaced = built.Replaced > 0 ? FormattableString.Invariant($" ({built.Replaced:N0} whose files changed)") : "";
        string renamed = built.Renamed.Count > 0 ? FormattableString.Invariant($", {built.Renamed.Count:N0} renamed") : "";
        return FormattableString.Invariant($"{built.Added:N0} added{replaced}, {built.Unchanged:N0} unchanged, {built.Removed.Count:N0} removed{renamed}");
    }

    private static string Without(int uncaptioned) => uncaptioned > 0 ? FormattableString.Invariant($", {uncaptioned:N0} have no captions") : "";
}
