namespace ZeroShotCir.Answers;

/// <summary>What became of asking somebody about something: texts, or an error.</summary>
public sealed class AnswerRecord
{
    /// <summary>Holds an answer.</summary>
    /// <param name="id">The id of what was asked about: an image's, a query's.</param>
    /// <param name="content">The hash of its content, in lower-case hexadecimal.</param>
    /// <param name="answerer">Who was asked, and how.</param>
    /// <param name="texts">The answer; empty where it failed.</param>
    /// <param name="error">Why it failed; <see langword="null"/> where it did not.</param>
    public AnswerRecord(string id, string content, string answerer, IReadOnlyList<string> texts, string? error = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(answerer);
        ArgumentNullException.ThrowIfNull(texts);
        Id = id;
        Content = content;
        Answerer = answerer;
        Texts = texts;
        Error = error;
    }

    /// <summary>The id of what was asked about: an image's, a query's.</summary>
    public string Id { get; }

    /// <summary>The hash of its content, in lower-case hexadecimal: of an image, <see cref="Imaging.ImageData.ComputeSha256"/>.</summary>
    public string Content { get; }

    /// <summary>Who was asked, and how: its own name, and what options add to it.</summary>
    public string Answerer { get; }

    /// <summary>The answer: captions, descriptions, or one number; empty where it failed.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Why it failed; <see langword="null"/> where it did not.</summary>
    public string? Error { get; }
}
