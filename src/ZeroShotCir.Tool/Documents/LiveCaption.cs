namespace ZeroShotCir.Tool.Documents;

/// <summary>What the captioner wrote for a picture just now.</summary>
internal sealed record LiveCaption(string File, string Caption);
