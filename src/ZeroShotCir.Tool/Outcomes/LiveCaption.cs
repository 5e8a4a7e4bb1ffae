namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What the captioner wrote for a picture just now.</summary>
internal sealed record LiveCaption(string File, string Caption);
