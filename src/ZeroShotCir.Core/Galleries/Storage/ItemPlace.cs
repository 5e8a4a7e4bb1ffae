namespace ZeroShotCir.Galleries.Storage;

/// <summary>Where an image lies: the name of its root, and its path below it, with slashes.</summary>
internal sealed record ItemPlace(string Root, string Path);
