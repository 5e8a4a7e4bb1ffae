namespace ZeroShotCir.Tool.Options;

/// <summary>The verification that the command line asks for.</summary>
/// <param name="Model">The chat model.</param>
/// <param name="Top">How many images of every ranking it looks at.</param>
/// <param name="Verdicts">Where its answers are kept; <see langword="null"/> where they are not.</param>
/// <param name="Form">What it says of them.</param>
/// <param name="IsDryRun">Whether only the cost is asked for.</param>
internal sealed record AskedVerification(string Model, int Top, FileInfo? Verdicts, VerifierForm Form, bool IsDryRun)
{
    /// <summary>Whether a request shows all images of a query.</summary>
    public bool IsListwise => Form is VerifierForm.Grid or VerifierForm.List;
}
