using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>Takes out of an answer what the model only thought: a draft there is never the answer.</summary>
internal static partial class Reasoning
{
    /// <summary>Reads what stands outside of all reasoning blocks.</summary>
    /// <param name="text">What the model wrote.</param>
    /// <param name="isOpen">Whether it ends inside a block: then it gave no answer, and what is returned is empty.</param>
    public static string Remove(string text, out bool isOpen)
    {
        isOpen = false;
        if (!text.AsSpan().ContainsAny('<', '[', '◁') && !Spoken().IsMatch(text))
        {
            return text;
        }

        if (IsWholeJson(text))
        {
            return text; // A caption may well speak of a sign that reads <think>.
        }

        StringBuilder answer = new();
        int position = 0;
        foreach (Match mark in Mark().Matches(text))
        {
            if (!isOpen)
            {
                answer.Append(text, position, mark.Index - position);
            }

            position = mark.Index + mark.Length;
            bool isEnd = mark.Groups["end"].Success || string.Equals(mark.Groups["channel"].Value, "final", StringComparison.OrdinalIgnoreCase);
            if (mark.Groups["empty"].Success)
            {
                continue;
            }

            if (mark.Groups["over"].Success)
            {
                isOpen = false; // The end of any message, thought or answer.
            }
            else if (isEnd)
            {
                // An end without a start: the chat template wrote the start, so all before it was thought.
                if (!isOpen || mark.Groups["channel"].Success)
                {
                    answer.Clear();
                }

                isOpen = false;
            }
            else
            {
                isOpen = true;
            }
        }

        return isOpen ? string.Empty : answer.Append(text, position, text.Length - position).ToString();
    }

    private static bool IsWholeJson(string text)
    {
        string trimmed = text.Trim();
        if (trimmed is not (['{', .., '}'] or ['[', .., ']']))
        {
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(trimmed, new JsonDocumentOptions { MaxDepth = JsonAnswer.MaxDepth, AllowTrailingCommas = true });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Tags of DeepSeek, Qwen and those who follow them; Mistral's; Kimi's; Sky-T1's; OpenAI's and Gemma's channels; what Ollama prints;
    // Granite's sentences; channels whose marks were lost in decoding.
    [GeneratedRegex(
        """
        (?i:(?:<|&lt;)\s{0,3}(?:(?<end>/)\s{0,3})?(?:\w{1,12}:)?
            (?:think|thinking|thought|thoughts|reasoning|reflection|analysis|scratchpad|inner_monologue|cot)(?:\s[^<>]{0,100})?(?:(?<empty>/)(?:>|&gt;)|>|&gt;))
        |(?i:\[(?<end>/)?THINK\])
        |◁(?<end>/)?think▷
        |<\|(?:begin|(?<end>end))_of_thought\|>
        |<\|(?<end>/)?(?:think|thinking|thought)\|>
        |<\|channel\|>\s{0,3}(?<channel>\w{1,20})(?:[^<]{0,100}(?:<\|constrain\|>[^<]{0,100})?<\|message\|>)?
        |<\|channel>\s{0,3}\w{0,20}|(?<end><channel\|>)
        |(?<over><\|(?:end|return|call|im_end|eot_id)\|>)
        |^\s{0,20}Thinking\.\.\.|(?<end>\.\.\.done\ thinking\.?)
        |Here\ is\ my\ thought\ process:|(?<end>Here\ is\ my\ response:)
        |^\s{0,20}analysis(?=[A-Z{<])|(?<end>assistant\s{0,3}final)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex(
        @"thinking\.\.\.|done thinking|thought process:|my response:|assistant\s{0,3}final|&lt;|^\s{0,20}analysis(?=[A-Z{<])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Spoken();
}
