namespace ZeroShotCir.Onnx.Execution;

/// <summary>What an encoder gave its graphs since it was made, and how much of it was padding: work that no embedding needs.</summary>
public sealed class EncodingLoad
{
    internal EncodingLoad(long ids, long patches, long paddedPatches)
    {
        Ids = ids;
        Patches = patches;
        PaddedPatches = paddedPatches;
    }

    /// <summary>The ids of texts, those of soft tokens included. Rows of one run have one length, so none of them is padding.</summary>
    public long Ids { get; }

    /// <summary>The patches of images.</summary>
    public long Patches { get; }

    /// <summary>Empty patches, which fill every image up to what its budget of soft tokens allows.</summary>
    public long PaddedPatches { get; }

    /// <summary>The share of empty patches, from 0 to 1; 0 where no image was encoded.</summary>
    public double PaddedShare => Patches + PaddedPatches == 0 ? 0 : (double)PaddedPatches / (Patches + PaddedPatches);
}
