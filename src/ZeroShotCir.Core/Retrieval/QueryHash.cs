using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>Names what a describer or a re-ranker sees of a query, so that its answer is found again.</summary>
internal static class QueryHash
{
    /// <summary>The SHA-256 of text, image, captions and every other term, and the image that was found where there is one; in lower-case hexadecimal.</summary>
    public static string Compute(ComposedQuery query, ImageData? candidate = null) => Compute(query, candidate is null ? [] : [candidate]);

    /// <summary>The same for several images in the order in which they are shown; of one, what it alone gives.</summary>
    public static string Compute(ComposedQuery query, IReadOnlyList<ImageData> candidates)
    {
        ArgumentNullException.ThrowIfNull(query);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(query.Text);
        Append(query.Image?.ComputeSha256());
        Append(candidates.Count == 0 ? null : candidates[0].ComputeSha256());
        foreach (string caption in query.ReferenceCaptions ?? [])
        {
            Append(caption);
        }

        // Whatever else a query says; a plain one keeps the name that stored answers have.
        foreach (QueryTerm term in query.Terms)
        {
            Append(string.Create(CultureInfo.InvariantCulture, $"term {term.Role} {term.Weight:R}"));
            Append(term.Text);
            Append(term.Image?.ComputeSha256());
            Append(term.ItemId);
            Append(term.Embedding.IsEmpty ? null : Convert.ToHexString(MemoryMarshal.AsBytes(term.Embedding.Span)));
        }

        AppendAll("target", query.TargetDescriptions);
        AppendAll("must have", query.MustHave);
        AppendAll("must not", query.MustNot);
        AppendAll("expression", query.Expression is { } expression ? [expression.Source] : []);
        AppendAll("id", query.ReferenceId is { } id && query.Image is null && query.ReferenceCaptions is null ? [id] : []);
        AppendAll("candidate", [.. candidates.Skip(1).Select(candidate => candidate.ComputeSha256())]);
        AppendAll("embedding", query.ImageEmbedding.IsEmpty ? [] : [Convert.ToHexString(MemoryMarshal.AsBytes(query.ImageEmbedding.Span))]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void AppendAll(string what, IReadOnlyList<string> parts)
        {
            foreach (string part in parts)
            {
                Append(what);
                Append(part);
            }
        }

        void Append(string? part)
        {
            // The length keeps parts apart, and tells one that is absent from one that is empty.
            byte[] bytes = Encoding.UTF8.GetBytes(part ?? string.Empty);
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, part is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
