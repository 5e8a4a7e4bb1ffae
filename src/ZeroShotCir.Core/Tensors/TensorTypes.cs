namespace ZeroShotCir.Tensors;

/// <summary>The one table of element types: name in the file, bytes per element, type in memory.</summary>
internal static class TensorTypes
{
    private static readonly (TensorType Type, string Name, int Size, Type? Element)[] Table =
    [
        (TensorType.Bool, "BOOL", 1, typeof(bool)),
        (TensorType.U8, "U8", 1, typeof(byte)),
        (TensorType.I8, "I8", 1, typeof(sbyte)),
        (TensorType.F8E5M2, "F8_E5M2", 1, null),
        (TensorType.F8E4M3, "F8_E4M3", 1, null),
        (TensorType.U16, "U16", 2, typeof(ushort)),
        (TensorType.I16, "I16", 2, typeof(short)),
        (TensorType.F16, "F16", 2, typeof(Half)),
        (TensorType.BF16, "BF16", 2, null),
        (TensorType.U32, "U32", 4, typeof(uint)),
        (TensorType.I32, "I32", 4, typeof(int)),
        (TensorType.F32, "F32", 4, typeof(float)),
        (TensorType.U64, "U64", 8, typeof(ulong)),
        (TensorType.I64, "I64", 8, typeof(long)),
        (TensorType.F64, "F64", 8, typeof(double)),
    ];

    public static string NameOf(TensorType type) => Table[(int)type].Name;

    public static int SizeOf(TensorType type) => Table[(int)type].Size;

    public static bool TryParse(string name, out TensorType type)
    {
        int row = Array.FindIndex(Table, entry => entry.Name == name);
        type = row >= 0 ? Table[row].Type : default;
        return row >= 0;
    }

    public static TensorType For<T>()
        where T : unmanaged
    {
        int row = Array.FindIndex(Table, entry => entry.Element == typeof(T));
        return row >= 0
            ? Table[row].Type
            : throw new NotSupportedException($"Elements of type {typeof(T)} cannot be stored in a tensor file; use one of the number types.");
    }
}
