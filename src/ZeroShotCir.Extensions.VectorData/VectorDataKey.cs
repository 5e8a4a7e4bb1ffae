namespace ZeroShotCir.Extensions.VectorData;

/// <summary>Of which type the keys of a collection are; connectors take different ones. Either way a key is the hash of an id.</summary>
public enum VectorDataKey
{
    /// <summary>Text of 32 hexadecimal digits.</summary>
    Text,

    /// <summary>A <see cref="System.Guid"/>.</summary>
    Uuid,
}
