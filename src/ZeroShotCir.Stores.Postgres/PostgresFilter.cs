using Npgsql;
using NpgsqlTypes;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Stores.Postgres;

/// <summary>
/// A filter as a condition in SQL that is true where the filter matches and false elsewhere, never unknown. Values are parameters. Numbers
/// are those that were recognized when the row was written, so that both sides read them alike.
/// </summary>
internal sealed class PostgresFilter
{
    private readonly NpgsqlParameterCollection _parameters;

    private PostgresFilter(NpgsqlParameterCollection parameters) => _parameters = parameters;

    /// <summary>Writes the condition and adds its parameters.</summary>
    public static string Write(GalleryFilter filter, NpgsqlParameterCollection parameters) => new PostgresFilter(parameters).Write(filter);

    private string Write(GalleryFilter filter) => filter switch
    {
        FilterCondition condition => Write(condition),
        FilterGroup { Kind: FilterGroupKind.All } group => Join(group, " AND "),
        FilterGroup { Kind: FilterGroupKind.Any } group => Join(group, " OR "),
        FilterGroup group => $"NOT {Join(group, " OR ")}",
        _ => throw new NotSupportedException($"A filter of the type {filter.GetType().Name} cannot be written in SQL."),
    };

    private string Join(FilterGroup group, string word) => $"({string.Join(word, group.Filters.Select(Write))})";

    private string Write(FilterCondition condition)
    {
        bool isId = condition.Field == GalleryFilter.IdField;
        string field = isId ? "id" : $"(metadata ->> {Text(condition.Field)})";
        return condition.Operator switch
        {
            FilterOperator.In => $"coalesce({field} = ANY({Texts(condition.Values)}), false)",
            FilterOperator.NotIn => $"coalesce({field} <> ALL({Texts(condition.Values)}), false)",
            FilterOperator.StartsWith => $"coalesce(starts_with({field}, {Text(condition.Values[0])}), false)",
            FilterOperator.Contains => $"coalesce(strpos({field}, {Text(condition.Values[0])}) > 0, false)",
            FilterOperator.Exists => $"({field} IS NOT NULL)",
            FilterOperator.Less => Order(condition, field, isId, "<"),
            FilterOperator.AtMost => Order(condition, field, isId, "<="),
            FilterOperator.Greater => Order(condition, field, isId, ">"),
            FilterOperator.AtLeast => Order(condition, field, isId, ">="),
            _ => throw new NotSupportedException($"The operator {condition.Operator} of the field '{condition.Field}' cannot be written in SQL."),
        };
    }

    // As numbers where both sides are, character by character elsewhere.
    private string Order(FilterCondition condition, string field, bool isId, string comparison)
    {
        string texts = $"coalesce({field} COLLATE \"C\" {comparison} {Text(condition.Values[0])}, false)";
        if (isId || !RowMetadata.TryParse(condition.Values[0], out double limit))
        {
            return texts;
        }

        string number = $"(numbers ->> {Text(condition.Field)})::float8";
        return $"coalesce({number} {comparison} {Add(limit, NpgsqlDbType.Double)}, {texts})";
    }

    private string Text(string value) => Add(value, NpgsqlDbType.Text);

    private string Texts(IReadOnlyList<string> values) => Add(values.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

    private string Add(object value, NpgsqlDbType type)
    {
        _parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return $"${_parameters.Count}";
    }
}
