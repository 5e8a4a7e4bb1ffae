using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Screens;

/// <summary>Draws how sessions went, for people.</summary>
internal static class SessionTable
{
    /// <summary>One row per turn and one for the last turns of all sessions, which are the headline.</summary>
    public static Table Create(string subset, string history, SessionResult result)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(Terminal.Escape(subset)).AddColumn(new TableColumn("turns").RightAligned());
        foreach (int k in result.FinalTurn.Recalls.Keys)
        {
            table.AddColumn(new TableColumn($"R@{k}").RightAligned());
        }

        table.AddColumn(new TableColumn("found by then").RightAligned());
        for (int turn = 0; turn < result.PerTurn.Count; turn++)
        {
            Add($"turn {turn + 1}", result.PerTurn[turn], Number(result.HitsWithinTurns[turn]));
        }

        Add($"[bold]last turn[/], {Terminal.Escape(history)}", result.FinalTurn, $"AUC {Number(result.AreaUnderCurve)}");
        return table;

        void Add(string name, SessionRecalls recalls, string found)
            => table.AddRow([name, recalls.Count.ToString(CultureInfo.InvariantCulture), .. recalls.Recalls.Values.Select(Number), found]);
    }

    /// <summary>One row per way to use earlier turns, with the last turns of all sessions.</summary>
    public static Table Create(IReadOnlyList<ReplayedHistory> histories)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("Album, sessions by what becomes of earlier turns");
        foreach (string column in (string[])[.. histories[0].Result.FinalTurn.Recalls.Keys.Select(k => $"R@{k}"), "AUC"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (ReplayedHistory row in histories)
        {
            table.AddRow([Terminal.Escape(row.History.Name), .. row.Result.FinalTurn.Recalls.Values.Append(row.Result.AreaUnderCurve).Select(Number)]);
        }

        return table;
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
