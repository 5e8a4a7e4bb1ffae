using System.Globalization;

namespace ZeroShotCir.Retries;

/// <summary>Reads how long a server asks to wait.</summary>
internal static class RetryDelay
{
    /// <summary>Reads the headers, the exact ones first; one that cannot be read counts as absent.</summary>
    public static TimeSpan? FromHeaders(Func<string, string?>? header, TimeProvider clock)
    {
        if (header is null)
        {
            return null;
        }

        return Number(header("retry-after-ms"), 1000) ?? Number(header("x-ms-retry-after-ms"), 1000) ?? FromSecondsOrDate(header("Retry-After"), clock);
    }

    /// <summary>Reads a duration as protocol buffers write it, such as <c>34.07s</c>.</summary>
    public static TimeSpan? FromDuration(string? text)
        => text is [.. var seconds, 's'] ? Number(seconds, 1) : null;

    private static TimeSpan? FromSecondsOrDate(string? text, TimeProvider clock)
    {
        if (Number(text, 1) is { } seconds)
        {
            return seconds;
        }

        // A bare number that is no delay is no date either.
        if (!text.AsSpan().ContainsAny(' ', ':') || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date))
        {
            return null;
        }

        TimeSpan left = date - clock.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static TimeSpan? Number(string? text, double perSecond)
        => double.TryParse(text.AsSpan().Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number / perSecond < int.MaxValue
            ? TimeSpan.FromSeconds(number / perSecond)
            : null;
}
