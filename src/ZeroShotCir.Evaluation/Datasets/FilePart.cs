namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Where the bytes of an image lie in a file that holds many, such as a shard of a data set.</summary>
public sealed class FilePart
{
    internal FilePart(long offset, long length)
    {
        Offset = offset;
        Length = length;
    }

    /// <summary>The bytes before it.</summary>
    public long Offset { get; }

    /// <summary>Its bytes.</summary>
    public long Length { get; }
}
