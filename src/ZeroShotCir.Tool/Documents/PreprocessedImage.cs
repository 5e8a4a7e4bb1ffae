namespace ZeroShotCir.Tool.Documents;

/// <summary>A picture, its size as decoded, and the tensor it became.</summary>
internal sealed record PreprocessedImage(string File, int Width, int Height, string Tensor, IReadOnlyList<int> Shape);
