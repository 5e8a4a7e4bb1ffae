namespace ZeroShotCir.Extensions.Hosting.Serving;

/// <summary>The names of the galleries that are served; <see langword="null"/> for the one without.</summary>
internal sealed record GalleryNames(IReadOnlyList<string?> All);
