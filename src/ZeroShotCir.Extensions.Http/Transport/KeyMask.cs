using System.Text;

namespace ZeroShotCir.Extensions.Http.Transport;

/// <summary>Takes a key, and any longer part of it, out of what a server says.</summary>
internal static class KeyMask
{
    private const int Part = 8;

    public static string Hide(string text, string? key)
    {
        if (key is null || key.Length < 4)
        {
            return text;
        }

        int length = Math.Min(Part, key.Length);
        bool[] hidden = new bool[text.Length];
        for (int start = 0; start + length <= key.Length; start++)
        {
            string part = key.Substring(start, length);
            for (int at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + 1, StringComparison.Ordinal))
            {
                hidden.AsSpan(at, length).Fill(true);
            }
        }

        StringBuilder shown = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (!hidden[i])
            {
                shown.Append(text[i]);
            }
            else if (i == 0 || !hidden[i - 1])
            {
                shown.Append("***");
            }
        }

        return shown.ToString();
    }
}
