using System.Text;
using Microsoft.Extensions.AI;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>Tells a model a composed query: the reference as an image, in words, or both, then the request.</summary>
internal static class QueryContent
{
    /// <param name="query">The query.</param>
    /// <param name="show">Makes an image part of a message.</param>
    /// <exception cref="InvalidQueryException">There is no text, or nothing of the reference.</exception>
    public static IEnumerable<AIContent> Create(ComposedQuery query, Func<ImageData, AIContent> show)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (string.IsNullOrWhiteSpace(query.Text))
        {
            throw new InvalidQueryException("The query has no text or only a blank one, so there is no change to describe. Search by the reference image alone.");
        }

        string[] captions = [.. (query.ReferenceCaptions ?? []).Where(caption => !string.IsNullOrWhiteSpace(caption))];
        if (query.Image is null && captions.Length == 0)
        {
            throw new InvalidQueryException(
                "The query has neither the image nor captions of its reference, which a chat model needs. Give Image, ReferenceCaptions or both.");
        }

        if (query.Image is { } image)
        {
            yield return new TextContent("The reference picture:");
            yield return show(image);
        }

        StringBuilder text = new();
        if (captions.Length > 0)
        {
            text.AppendLine(query.Image is null ? "The reference picture in words:" : "The same picture in words:");
            foreach (string caption in captions)
            {
                text.Append("- ").AppendLine(caption);
            }
        }

        yield return new TextContent($"{text}The request: {query.Text}");
    }
}
