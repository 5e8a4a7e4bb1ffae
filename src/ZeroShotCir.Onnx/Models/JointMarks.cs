namespace ZeroShotCir.Onnx.Models;

/// <summary>How an image is spelled in the text that a joint model reads. The three differ by one bar.</summary>
/// <param name="Begin">Before the soft tokens.</param>
/// <param name="Place">In place of each soft token.</param>
/// <param name="End">After them.</param>
/// <param name="Unread">The places of what is not read: sound and video.</param>
internal sealed record JointMarks(string Begin, string Place, string End, IReadOnlyList<string> Unread);
