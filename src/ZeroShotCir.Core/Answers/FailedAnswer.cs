using ZeroShotCir.Errors;

namespace ZeroShotCir.Answers;

/// <summary>Something that was asked about without getting an answer.</summary>
public sealed class FailedAnswer
{
    internal FailedAnswer(string id, ZeroShotCirException error)
    {
        Id = id;
        Error = error;
    }

    /// <summary>The id of what was asked about.</summary>
    public string Id { get; }

    /// <summary>Why there is no answer.</summary>
    public ZeroShotCirException Error { get; }
}
