namespace ZeroShotCir.Embeddings;

/// <summary>What an input is encoded for. Models that were trained with prompts give a query and a document other embeddings.</summary>
public enum EncodingRole
{
    /// <summary>It is searched with.</summary>
    Query,

    /// <summary>It is searched for: an image or a caption of a gallery.</summary>
    Document,
}
