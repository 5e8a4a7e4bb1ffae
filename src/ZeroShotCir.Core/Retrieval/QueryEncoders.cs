using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Retrieval;

/// <summary>What turns a query's images and texts into embeddings; each may be absent.</summary>
/// <param name="Images">Encodes images.</param>
/// <param name="Texts">Encodes texts.</param>
/// <param name="Composed">Encodes both together.</param>
/// <param name="Pictures">The pictures of the gallery, for what encodes both together.</param>
internal sealed record QueryEncoders(IImageEncoder? Images, ITextEncoder? Texts, IComposedEncoder? Composed, IImageSource? Pictures);
