namespace ZeroShotCir.Composition;

/// <summary>The space in which images and texts have lost the mean of their modality.</summary>
internal sealed class CenteredSpace(ModalityCenter images, ModalityCenter texts) : SpaceTransform
{
    public override void TransformImage(ReadOnlySpan<float> embedding, Span<float> destination) => images.Center(embedding, destination);

    public override void TransformText(ReadOnlySpan<float> embedding, Span<float> destination) => texts.Center(embedding, destination);
}
