using System.Text.RegularExpressions;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The one place that decides whom a failure concerns.</summary>
internal static partial class FailureReading
{
    /// <summary>Reads a status and what stands beside it.</summary>
    public static ChatFailure FromStatus(int status, ServerWords words, TimeSpan? retryAfter)
        => new(CauseOf(status, words, retryAfter), status, retryAfter, words.Sentence);

    /// <summary>Reads an error that stands inside an answer which claims success.</summary>
    public static ChatFailure InsideSuccess(ServerWords words, TimeSpan? retryAfter)
    {
        // An error without a status of its own is taken as said of this request, as a 400 would be.
        ChatFailure failure = FromStatus(words.Code ?? 400, words, retryAfter ?? words.RetryDelay);
        return new ChatFailure(failure.Cause, words.Code, failure.RetryAfter, failure.ServerMessage) { IsInsideSuccess = true };
    }

    private static ChatCause CauseOf(int status, ServerWords words, TimeSpan? retryAfter)
    {
        string sentence = words.Sentence ?? string.Empty;
        if (status == 402 || (status < 500 && (CreditCode().IsMatch(words.Codes) || (retryAfter is null && NoCredit().IsMatch(sentence)))))
        {
            return ChatCause.Credit;
        }

        bool isAboutContent = status is 400 or 403 or 406 or 409 or 413 or 415 or 422 or 451;
        if (isAboutContent && (ContentPolicy().IsMatch(words.Codes) || ContentPolicy().IsMatch(sentence)))
        {
            return ChatCause.ContentPolicy;
        }

        if (status is 401 or 407 || (status is 400 or 403 or 422 && (BadKey().IsMatch(words.Codes) || BadKey().IsMatch(sentence))))
        {
            return ChatCause.Key;
        }

        if (status == 404 || (status is 400 or 403 or 422 && (NoModel().IsMatch(words.Codes) || NoModel().IsMatch(sentence))))
        {
            return ChatCause.Model;
        }

        if (status is 400 or 422 && SettingIn(words) is { } setting)
        {
            return setting;
        }

        return status switch
        {
            403 => ChatCause.Rights,
            405 or 410 or 421 or 426 or 501 or 505 or < 400 => ChatCause.Endpoint,
            408 or 409 or 425 or 429 or 499 or >= 500 => ChatCause.Busy,
            413 => ChatCause.TooLarge,
            _ => ChatCause.Refused,
        };
    }

    // A setting that the server does not know fails for every input alike.
    private static ChatCause? SettingIn(ServerWords words)
    {
        string sentence = words.Sentence ?? string.Empty;
        if (StructuredOutputWords().IsMatch(words.Codes) || StructuredOutputWords().IsMatch(sentence))
        {
            return ChatCause.StructuredOutput;
        }

        return UnknownSetting().IsMatch(words.Codes) || SettingName().IsMatch(words.Codes) ? ChatCause.Setting : null;
    }

    [GeneratedRegex(
        "insufficient_quota|insufficient[_ -]credit|insufficient[_ -](user_)?(balance|funds)|credit_balance|billing|payment_required"
        + "|account_deactivated|out_of_credit")]
    private static partial Regex CreditCode();

    [GeneratedRegex(
        @"\b(no|insufficient|out of|not enough|without|exhausted|exceeded)\b.{0,40}\b(credits?|balance|funds)\b"
        + @"|\bcredits?( balance)?\b.{0,40}\b(too low|exhausted|used up|insufficient|negative)\b|\bpayment required\b", RegexOptions.IgnoreCase)]
    private static partial Regex NoCredit();

    [GeneratedRegex(
        "content[_ -]?(filter|policy|management)|policy[_ -]?violation|responsible ?ai|moderation|flagged|prohibited[_ ]content"
        + "|data[_ ]?inspection|safety[_ -](system|filter|polic|violation|check)|sensitive[_ -]content", RegexOptions.IgnoreCase)]
    private static partial Regex ContentPolicy();

    [GeneratedRegex(
        @"invalid[_ ](api[_ -]?key|authentication)|api[_ -]?key[_ ]?(not valid|invalid|expired|missing|required)"
        + @"|(incorrect|wrong|missing|expired) api[_ -]?key|no api[_ -]?key|authentication_error|unauthori[sz]ed|unauthenticated", RegexOptions.IgnoreCase)]
    private static partial Regex BadKey();

    [GeneratedRegex(
        @"model[_ ]not[_ ](found|exist|available|supported)|invalid_model|no such model|unknown model"
        + @"|\bmodel\b.{0,120}?\b(does not exist|doesn't exist|not found|is not pulled|not loaded|not a valid model)\b|not a valid model", RegexOptions.IgnoreCase)]
    private static partial Regex NoModel();

    [GeneratedRegex(
        "response_format|json_schema|json schema|structured[_ -]?output|guided_(json|decoding)|response_mime_type|responseschema"
        + "|response schema", RegexOptions.IgnoreCase)]
    private static partial Regex StructuredOutputWords();

    [GeneratedRegex("(unsupported|unknown|unrecognized)_(parameter|argument)|unsupported_value|extra_forbidden")]
    private static partial Regex UnknownSetting();

    [GeneratedRegex(@"(^|\s)(temperature|seed|logprobs|top_logprobs|max_tokens|max_completion_tokens|top_p|strict|model)(\s|$)")]
    private static partial Regex SettingName();
}
