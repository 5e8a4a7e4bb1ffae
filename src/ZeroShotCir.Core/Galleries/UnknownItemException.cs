using ZeroShotCir.Errors;

namespace ZeroShotCir.Galleries;

/// <summary>An id that the gallery does not have.</summary>
public sealed class UnknownItemException : ZeroShotCirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="id">The id that was asked for.</param>
    /// <param name="hint">What the gallery holds and what to do.</param>
    public UnknownItemException(string id, string hint)
        : base($"The gallery has no image with the id '{id}'. {hint}")
        => Id = id;

    /// <summary>The id that was asked for.</summary>
    public string Id { get; }
}
