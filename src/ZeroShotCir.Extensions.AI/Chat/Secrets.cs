using System.Net.Http.Headers;
using System.Text;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>Keys that a server may echo, whole or in part, and that are never printed or stored. Immutable.</summary>
internal sealed class Secrets
{
    private const int ShortestKey = 6;
    private const int Part = 10;
    private const string Mask = "***";
    private static readonly string[] HeaderNames = ["api-key", "x-api-key", "x-goog-api-key", "Ocp-Apim-Subscription-Key"];
    private readonly string[] _keys;

    public Secrets(IEnumerable<string?> keys)
        => _keys = [.. keys.OfType<string>().Select(key => key.Trim()).Where(key => key.Length >= ShortestKey).Distinct(StringComparer.Ordinal)];

    /// <summary>The keys that a request carries.</summary>
    public static Secrets In(HttpRequestMessage request)
    {
        AuthenticationHeaderValue? authorization = request.Headers.Authorization;
        return new Secrets([
            authorization?.Parameter,
            .. HeaderNames.SelectMany(name => request.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values : []),
        ]);
    }

    /// <summary>The text without the keys and without longer parts of them.</summary>
    public string Hide(string text)
    {
        if (_keys.Length == 0 || text.Length < ShortestKey)
        {
            return text;
        }

        bool[]? hidden = null;
        foreach (string key in _keys)
        {
            int length = Math.Min(Part, key.Length);
            for (int start = 0; start + length <= key.Length; start++)
            {
                ReadOnlySpan<char> part = key.AsSpan(start, length);
                for (int at = text.AsSpan().IndexOf(part), next; at >= 0; at = next < 0 ? -1 : at + 1 + next)
                {
                    (hidden ??= new bool[text.Length]).AsSpan(at, length).Fill(true);
                    next = text.AsSpan(at + 1).IndexOf(part);
                }
            }
        }

        return hidden is null ? text : Masked(text, hidden);
    }

    private static string Masked(string text, bool[] hidden)
    {
        StringBuilder shown = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (!hidden[i])
            {
                shown.Append(text[i]);
            }
            else if (i == 0 || !hidden[i - 1])
            {
                shown.Append(Mask);
            }
        }

        return shown.ToString();
    }
}
