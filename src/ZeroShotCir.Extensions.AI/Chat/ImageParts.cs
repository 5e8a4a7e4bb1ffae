using Microsoft.Extensions.AI;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The pictures in a conversation, for servers that read fewer formats than their models' makers say.</summary>
internal static class ImageParts
{
    /// <summary>Whether a server may have refused the bytes of a picture rather than what it shows.</summary>
    public static bool MayBeTheBytes(ChatFailure? failure)
        => failure is { Status: 400 or 413 or 415 or 422, Cause: not (ChatCause.ContentPolicy or ChatCause.TooLong) };

    /// <summary>The messages with every WebP as JPEG; <see langword="null"/> where there is none or where nobody can make it one.</summary>
    public static IReadOnlyList<ChatMessage>? AsJpeg(IReadOnlyList<ChatMessage> messages, ChatSettings settings)
    {
        if (settings.Shrinker is not { } shrinker)
        {
            return null;
        }

        bool hasChanged = false;
        ChatMessage[] converted = [.. messages.Select(message => new ChatMessage(message.Role, [.. message.Contents.Select(Convert)]))];
        return hasChanged ? converted : null;

        AIContent Convert(AIContent content)
        {
            if (content is not DataContent { MediaType: "image/webp" } picture)
            {
                return content;
            }

            ImageData jpeg = shrinker.ToJpeg(new ImageData(picture.Data, picture.MediaType), settings.MaxEdge);
            hasChanged |= jpeg.MediaType == "image/jpeg";
            return jpeg.MediaType == "image/jpeg" ? new DataContent(jpeg.Data, jpeg.MediaType) : content;
        }
    }
}
