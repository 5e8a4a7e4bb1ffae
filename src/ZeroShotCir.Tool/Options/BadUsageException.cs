namespace ZeroShotCir.Tool.Options;

/// <summary>Options that are well-formed one by one but do not go together: exit code 2.</summary>
internal sealed class BadUsageException(string message) : Exception(message);
