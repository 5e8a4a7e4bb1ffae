namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Settings against metrics.</summary>
/// <param name="Title">What was measured on.</param>
/// <param name="Note">How to read it.</param>
/// <param name="Columns">The metrics.</param>
/// <param name="Rows">One row per setting, each with as many cells as there are columns.</param>
internal sealed record MetricTable(string Title, string Note, IReadOnlyList<MetricColumn> Columns, IReadOnlyList<MetricRow> Rows)
{
    /// <summary>Whether a cell is the best of its column.</summary>
    public bool IsBest(int column, MetricCell? cell)
    {
        if (cell is not { } figure || Rows.Count < 2)
        {
            return false;
        }

        IEnumerable<double> all = Rows.Where(row => row.Needs is null).Select(row => row.Cells[column]).OfType<MetricCell>().Select(other => other.Value);
        return figure.Value == (Columns[column].SmallerIsBetter ? all.Min() : all.Max());
    }
}
