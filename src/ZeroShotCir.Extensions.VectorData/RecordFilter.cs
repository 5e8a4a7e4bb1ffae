using System.Linq.Expressions;
using System.Reflection;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Extensions.VectorData;

/// <summary>
/// A filter as an expression of a record's properties: equalities, inequalities and comparisons with null only, which every connector knows.
/// Negations are carried inwards, so that nothing depends on how an engine negates what is unknown.
/// </summary>
internal sealed class RecordFilter(IReadOnlyList<string> fields)
{
    private static readonly PropertyInfo Indexer = typeof(Dictionary<string, object?>).GetProperty("Item")!;
    private readonly ParameterExpression _record = Expression.Parameter(typeof(Dictionary<string, object?>), "record");

    /// <exception cref="NotSupportedException">A condition cannot be expressed; the message names it.</exception>
    public Expression<Func<Dictionary<string, object?>, bool>> Write(GalleryFilter filter)
        => Expression.Lambda<Func<Dictionary<string, object?>, bool>>(Write(filter, true), _record);

    private Expression Write(GalleryFilter filter, bool isWanted) => filter switch
    {
        FilterCondition condition => Write(condition, isWanted),
        FilterGroup { Kind: FilterGroupKind.All } group => Join(group, isWanted, isWanted),
        FilterGroup { Kind: FilterGroupKind.Any } group => Join(group, !isWanted, isWanted),
        FilterGroup group => Join(group, isWanted, !isWanted),
        _ => throw new NotSupportedException($"A filter of the type {filter.GetType().Name} cannot be given to a collection."),
    };

    private Expression Join(FilterGroup group, bool all, bool isWanted)
        => group.Filters.Select(filter => Write(filter, isWanted)).Aggregate((left, right) => all ? Expression.AndAlso(left, right) : Expression.OrElse(left, right));

    private Expression Write(FilterCondition condition, bool isWanted)
    {
        Expression field = Field(condition);
        Expression isMissing = Expression.Equal(field, Expression.Constant(null, typeof(string)));
        Expression isThere = Expression.NotEqual(field, Expression.Constant(null, typeof(string)));
        Expression IsOneOf() => condition.Values.Select(value => (Expression)Expression.Equal(field, Expression.Constant(value))).Aggregate(Expression.OrElse);
        Expression IsNoneOf() => condition.Values.Select(value => (Expression)Expression.NotEqual(field, Expression.Constant(value))).Aggregate(Expression.AndAlso);
        return (condition.Operator, isWanted) switch
        {
            (FilterOperator.In, true) => IsOneOf(),
            (FilterOperator.In, false) => Expression.OrElse(isMissing, IsNoneOf()),
            (FilterOperator.NotIn, true) => Expression.AndAlso(isThere, IsNoneOf()),
            (FilterOperator.NotIn, false) => Expression.OrElse(isMissing, IsOneOf()),
            (FilterOperator.Exists, true) => isThere,
            (FilterOperator.Exists, false) => isMissing,
            _ => throw new NotSupportedException(
                $"Collections cannot be asked for '{condition.Field}' by {condition.Operator}, only by {FilterOperator.In}, {FilterOperator.NotIn} and {FilterOperator.Exists}. "
                + "Filter by these, or search a gallery or another store."),
        };
    }

    private UnaryExpression Field(FilterCondition condition)
    {
        string? property = condition.Field == GalleryFilter.IdField ? "id"
            : fields.Select((name, position) => name == condition.Field ? RecordLayout.PropertyOf(position) : null).FirstOrDefault(name => name is not null);
        return property is null
            ? throw new NotSupportedException(
                $"The field '{condition.Field}' is not among the FilterFields that the collection was made with{(fields.Count == 0 ? "" : $" ({string.Join(", ", fields)})")}. "
                + "Push the gallery to a collection that has it.")
            : Expression.Convert(Expression.Property(_record, Indexer, Expression.Constant(property)), typeof(string));
    }
}
