namespace ZeroShotCir.Onnx.Models;

/// <summary>An operation of a graph.</summary>
/// <param name="Operation">Its name, such as <c>MatMul</c>.</param>
/// <param name="Inputs">The names of what it takes.</param>
/// <param name="Outputs">The names of what it gives.</param>
/// <param name="Settings">Its attributes that are whole numbers, or a few of them.</param>
/// <param name="IsMain">Whether it stands in the graph itself, not in one that the graph holds.</param>
internal sealed record GraphNode(
    string Operation, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, long[]> Settings, bool IsMain)
{
    /// <summary>Whether an attribute is a number other than 0.</summary>
    public bool Has(string setting) => Settings.TryGetValue(setting, out long[]? numbers) && numbers is [not 0, ..];
}
