namespace ZeroShotCir.Galleries.Indexing;

/// <summary>The document of <see cref="UnusableFiles"/>.</summary>
/// <param name="Reader">What could not use them: model, decoder and version of the library.</param>
/// <param name="Files">The files.</param>
internal sealed record UnusableFileList(string Reader, IReadOnlyList<UnusableFile> Files);
