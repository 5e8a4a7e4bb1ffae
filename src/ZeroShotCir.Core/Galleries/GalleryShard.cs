using System.Globalization;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries;

/// <summary>One of several parts of a set of ids: those whose hash leaves a certain remainder. Every id is in exactly one part, on every machine.</summary>
/// <remarks>Immutable. Ids that read the same in another Unicode form are in the same part.</remarks>
public sealed class GalleryShard
{
    /// <summary>Names a part.</summary>
    /// <param name="number">Which one, from 1.</param>
    /// <param name="count">How many there are, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1, or <paramref name="number"/> not between 1 and it.</exception>
    public GalleryShard(int number, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, count);
        Number = number;
        Count = count;
    }

    /// <summary>Which part, from 1.</summary>
    public int Number { get; }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>Reads a part such as <c>2/4</c>.</summary>
    /// <param name="text">Number and count, with a slash between them.</param>
    /// <returns>The part.</returns>
    /// <exception cref="FormatException">It is not such a pair, or the number is not between 1 and the count.</exception>
    public static GalleryShard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && number >= 1 && number <= count
            ? new GalleryShard(number, count)
            : throw new FormatException($"'{text}' is no shard. Give its number and how many there are, such as 1/4, from 1/4 to 4/4.");
    }

    /// <summary>The part of an id, counted from 0.</summary>
    /// <param name="id">The id, such as the path of an image below its folder.</param>
    /// <param name="count">How many parts there are, at least 1.</param>
    /// <returns>
    /// From 0 to <paramref name="count"/> - 1: the first eight bytes of the SHA-256 of the composed id (NFC) in UTF-8, as a little-endian number,
    /// modulo the count.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public static int IndexOf(string id, int count)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (int)(IdHash.Compute(id) % (ulong)count);
    }

    /// <summary>Whether an id is in this part.</summary>
    /// <param name="id">The id.</param>
    public bool Contains(string id) => IndexOf(id, Count) == Number - 1;

    /// <summary>Number and count, such as <c>2/4</c>.</summary>
    /// <returns>The text that <see cref="Parse"/> reads.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");
}
