namespace ZeroShotCir.Tool.Places;

/// <summary>How the service of a gallery's model is asked, but for its key: a gallery may come from somebody else, and must not choose what is sent where.</summary>
/// <param name="Endpoint">Where it answers, if not at its own address.</param>
/// <param name="Instruction">What it is told about queries.</param>
/// <param name="Dimensions">How many components an embedding has, where it was asked for.</param>
internal sealed record IndexedService(string? Endpoint, string? Instruction, int? Dimensions);
