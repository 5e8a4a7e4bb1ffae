namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What one answer was worth.</summary>
/// <param name="Value">What could be read from it, or <see langword="null"/>.</param>
/// <param name="Complaint">
/// Why the model should be asked again, in words for the model; <see langword="null"/> if the answer is as asked for.
/// A value with a complaint is kept for when asking again does not help: it was paid for.
/// </param>
internal readonly record struct AnswerReading<T>(T? Value, string? Complaint)
    where T : class;
