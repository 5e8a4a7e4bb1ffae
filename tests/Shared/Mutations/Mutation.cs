using System.Text;
using System.Text.Json;

namespace ZeroShotCir.Tests.Mutations;

/// <summary>Spoils files as disks, editors, converters and attackers do.</summary>
internal static class Mutation
{
    private static readonly byte[][] Values =
    [
        "null"u8.ToArray(), "true"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(), "0"u8.ToArray(), "-1"u8.ToArray(), "0.5"u8.ToArray(), "1e999"u8.ToArray(),
        "2147483647"u8.ToArray(), "-2147483648"u8.ToArray(), "2147483648"u8.ToArray(), "9223372036854775807"u8.ToArray(), "9223372036854775808"u8.ToArray(),
        "\"\""u8.ToArray(), "\"\\ud800\""u8.ToArray(), "\"\\u0000\""u8.ToArray(), "\"../../x\""u8.ToArray(), "\"\\n\""u8.ToArray(), "[null]"u8.ToArray(),
        "[[[[[[[[]]]]]]]]"u8.ToArray(),
        "[\"a\",\"a\"]"u8.ToArray(), "{\"\":null}"u8.ToArray(), "\"2026-13-45T99:00:00Z\""u8.ToArray(), "1e-400"u8.ToArray(), "-0"u8.ToArray(),
    ];

    /// <summary>One spoilt version of a JSON file, or of JSON Lines.</summary>
    public static byte[] Json(byte[] good, Random random) => random.Next(3) == 0 ? Bytes(good, random) : Token(good, random);

    /// <summary>One spoilt version of any file.</summary>
    public static byte[] Bytes(byte[] good, Random random)
    {
        int at = random.Next(good.Length + 1), end = Math.Min(good.Length, at + random.Next(1, 40));
        byte[] some = new byte[random.Next(1, 9)];
        random.NextBytes(some);
        return random.Next(7) switch
        {
            0 => good[..at],
            1 => [.. good[..at], .. good[end..]],
            2 => [.. good[..at], .. some, .. good[at..]],
            3 => [.. good[..end], .. good[at..]],
            4 => [0xEF, 0xBB, 0xBF, .. good],
            5 => [.. good[..at], .. "\0\0\0\0"u8, .. good[at..]],
            _ => Flipped(good, random),
        };
    }

    /// <summary>A picture with wrong bits, more often in its header than behind it, with extreme values, or cut and patched as any file.</summary>
    public static byte[] Picture(byte[] good, Random random)
    {
        if (random.Next(4) == 0)
        {
            return Bytes(good, random);
        }

        byte[] bad = [.. good];
        int reach = random.Next(2) == 0 ? Math.Min(200, bad.Length) : bad.Length;
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            ref byte value = ref bad[random.Next(reach)];
            value = random.Next(6) switch { 0 => 0xFF, 1 => 0, 2 => (byte)random.Next(256), _ => (byte)(value ^ (1 << random.Next(8))) };
        }

        return bad;
    }

    /// <summary>A text with several faults: other bytes, holes, parts repeated, and pieces that mean something to its reader.</summary>
    public static byte[] Text(byte[] good, IReadOnlyList<string> pieces, Random random)
    {
        List<byte> bytes = [.. good];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Count)]));
                    break;
                default:
                    bytes.InsertRange(at, bytes.Slice(0, random.Next(bytes.Count + 1)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Flipped(byte[] good, Random random)
    {
        byte[] bad = [.. good];
        for (int i = random.Next(1, 4); i > 0 && bad.Length > 0; i--)
        {
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bad;
    }

    /// <summary>Puts another value in the place of one, or another name in the place of a name.</summary>
    private static byte[] Token(byte[] good, Random random)
    {
        List<(int Start, int End, bool IsName)> tokens = [];
        Utf8JsonReader reader = new(good, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 256 });
        Stack<int> open = [];
        while (reader.Read())
        {
            int start = (int)reader.TokenStartIndex, end = (int)reader.BytesConsumed;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    open.Push(start);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    tokens.Add((open.Pop(), end, false));
                    break;
                case JsonTokenType.PropertyName:
                    // The colon belongs to what was read.
                    tokens.Add((start, start + reader.ValueSpan.Length + 2, true));
                    break;
                default:
                    tokens.Add((start, end, false));
                    break;
            }
        }

        (int from, int to, bool isName) = tokens[random.Next(tokens.Count)];
        byte[] value = isName ? "\"other\""u8.ToArray() : Values[random.Next(Values.Length)];
        return [.. good[..from], .. value, .. good[to..]];
    }
}
