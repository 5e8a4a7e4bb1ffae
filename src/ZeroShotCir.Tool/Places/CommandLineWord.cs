namespace ZeroShotCir.Tool.Places;

/// <summary>Writes words as a command line has them.</summary>
internal static class CommandLineWord
{
    /// <summary>A word in quotation marks where it needs them.</summary>
    public static string Quoted(string value) => value.Contains(' ', StringComparison.Ordinal) ? $"\"{value}\"" : value;
}
