using System.Text.RegularExpressions;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>The questions that Florence-2 was trained to answer, by the task tokens that its users write.</summary>
/// <remarks>The wording is part of the model and stands in no file of most folders (transformers keeps it in <c>Florence2Processor</c>).</remarks>
internal static partial class FlorenceTasks
{
    /// <summary>What the model is asked where the caller does not say.</summary>
    public const string Caption = "What does the image describe?";

    private static readonly Dictionary<string, string> Questions = new(StringComparer.Ordinal)
    {
        ["<CAPTION>"] = Caption,
        ["<DETAILED_CAPTION>"] = "Describe in detail what is shown in the image.",
        ["<MORE_DETAILED_CAPTION>"] = "Describe with a paragraph what is shown in the image.",
        ["<OCR>"] = "What is the text in the image?",
    };

    /// <summary>The question that a prompt stands for; a prompt without a task token is a question itself.</summary>
    /// <exception cref="ArgumentException">The prompt is a task that writes no captions, or holds a task token among other words.</exception>
    public static string QuestionOf(string prompt)
    {
        string trimmed = prompt.Trim();
        return Questions.TryGetValue(trimmed, out string? question) ? question
            : TaskToken().Match(trimmed) is { Success: true } task ? throw new ArgumentException(
                $"The prompt '{trimmed}' holds the task {task.Value}; "
                + $"expected one of {string.Join(", ", Questions.Keys)} and nothing else, or a question in plain words. "
                + "Other tasks answer with regions, not with captions.",
                nameof(prompt))
            : prompt;
    }

    [GeneratedRegex("<[A-Z][A-Z_]*>", RegexOptions.CultureInvariant)]
    private static partial Regex TaskToken();
}
