using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>How sessions went by one way to use earlier turns.</summary>
/// <param name="History">The way.</param>
/// <param name="ExcludesReferences">Whether pictures that a user had seen were taken out.</param>
/// <param name="Result">How they went.</param>
internal sealed record ReplayedHistory(SessionHistory History, bool ExcludesReferences, SessionResult Result);
