namespace ZeroShotCir.Galleries;

/// <summary>How a <see cref="FilterCondition"/> compares a field with its values.</summary>
public enum FilterOperator
{
    /// <summary>The field is one of the values.</summary>
    In,

    /// <summary>The field is there, and none of the values.</summary>
    NotIn,

    /// <summary>The field is less than the value: as numbers where both are, otherwise character by character.</summary>
    Less,

    /// <summary>The field is at most the value.</summary>
    AtMost,

    /// <summary>The field is greater than the value.</summary>
    Greater,

    /// <summary>The field is at least the value.</summary>
    AtLeast,

    /// <summary>The field begins with the value.</summary>
    StartsWith,

    /// <summary>The field contains the value.</summary>
    Contains,

    /// <summary>The field is there, whatever it holds.</summary>
    Exists,
}
