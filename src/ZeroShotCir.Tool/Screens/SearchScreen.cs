using Spectre.Console;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Screens;

/// <summary>Shows what was found: a table for people, one line of rank, score, id and the ids of copies, tabs between them, for programs.</summary>
internal static class SearchScreen
{
    public static void Hits(Terminal terminal, IReadOnlyList<FoundImage> hits, TerminalPictures? pictures)
    {
        if (!terminal.IsPiped)
        {
            foreach (FoundImage hit in pictures is null ? [] : hits)
            {
                terminal.Out.Profile.Out.Writer.Write(pictures!.Draw(hit.File));
                terminal.Out.MarkupLineInterpolated($"{hit.Rank}. {hit.Id}  [grey]{hit.Score:0.0000}[/]");
                foreach (FoundCopy copy in hit.Copies)
                {
                    terminal.Out.MarkupLineInterpolated($"   [grey]= {copy.Id}[/]");
                }

            }

            if (pictures is null)
            {
                terminal.Out.Write(Table(hits));
            }

            return;
        }

        foreach (FoundImage hit in hits)
        {
            string[] parts = [FormattableString.Invariant($"{hit.Rank}"), FormattableString.Invariant($"{hit.Score:0.0000}"), hit.Id, .. hit.Copies.Select(copy => copy.Id)];
            terminal.Out.Profile.Out.Writer.WriteLine(string.Join('\t', parts.Select(Terminal.Plain)));
        }
    }

    private static Table Table(IReadOnlyList<FoundImage> hits)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("rank").RightAligned()).AddColumn("id").AddColumn(new TableColumn("score").RightAligned());
        foreach (FoundImage hit in hits)
        {
            string copies = string.Concat(hit.Copies.Select(copy => $"\n[grey]= {Terminal.Escape(copy.Id)}[/]"));
            table.AddRow(FormattableString.Invariant($"{hit.Rank}"), Terminal.Escape(hit.Id) + copies, FormattableString.Invariant($"{hit.Score:0.0000}"));
        }

        return table;
    }
}
