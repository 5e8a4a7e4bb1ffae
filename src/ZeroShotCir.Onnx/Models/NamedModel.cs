using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Onnx.Models;

/// <summary>The parts of a model with the name that its rows are kept under.</summary>
internal sealed class NamedModel(ModelParts parts, OnnxModelOptions options)
{
    private readonly Lock _lock = new();
    private string? _id;

    public ModelParts Parts => parts;

    public OnnxModelOptions Options => options;

    /// <summary>The name, worked out when it is first asked for; after a failure it is tried again.</summary>
    /// <exception cref="Errors.InvalidModelException">A file cannot be read.</exception>
    public string Id
    {
        get
        {
            lock (_lock)
            {
                return _id ??= ModelIdentity.Compute(parts, options);
            }
        }
    }

    /// <summary>What an encoder of a model with prompts writes in a role.</summary>
    public EncoderInfo InfoOf(EncodingRole role)
    {
        EncoderInfo documents = new(Id, parts.Joint!.Dimensions, isUnitLength: true) { Role = role, CanBeCut = true };
        return role == EncodingRole.Document ? documents : documents with { ModelId = Id + "-as-query", Space = Id };
    }
}
