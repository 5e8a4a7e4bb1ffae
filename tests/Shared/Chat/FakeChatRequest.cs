using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests.Chat;

/// <summary>What the fake was asked.</summary>
internal sealed record FakeChatRequest(int Number, string Text, IReadOnlyList<byte[]> Images, JsonElement Body)
{
    /// <summary>The only image.</summary>
    public byte[] Image => Images.Single();

    /// <summary>The SHA-256 of the image, so that requests can be told apart by it.</summary>
    public string ImageHash => Convert.ToHexStringLower(SHA256.HashData(Image));

    public static FakeChatRequest Read(LoopbackRequest request, int number)
    {
        JsonElement body = JsonDocument.Parse(request.Body).RootElement;
        StringBuilder text = new();
        List<byte[]> images = [];
        foreach (JsonElement message in body.GetProperty("messages").EnumerateArray())
        {
            JsonElement content = message.GetProperty("content");
            if (content.ValueKind == JsonValueKind.String)
            {
                text.AppendLine(content.GetString());
                continue;
            }

            foreach (JsonElement part in content.EnumerateArray())
            {
                if (part.GetProperty("type").GetString() == "text")
                {
                    text.AppendLine(part.GetProperty("text").GetString());
                }
                else
                {
                    string url = part.GetProperty("image_url").GetProperty("url").GetString()!;
                    images.Add(Convert.FromBase64String(url[(url.IndexOf(',', StringComparison.Ordinal) + 1)..]));
                }
            }
        }

        return new FakeChatRequest(number, text.ToString(), images, body);
    }
}
