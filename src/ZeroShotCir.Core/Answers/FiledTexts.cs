using System.Collections;

namespace ZeroShotCir.Answers;

/// <summary>A long answer that is left in the file, such as an embedding: it is read each time that somebody asks for it.</summary>
/// <param name="read">Reads the texts of a line.</param>
/// <param name="offset">Where the line begins.</param>
/// <param name="length">Its bytes.</param>
/// <param name="count">How many texts it holds.</param>
internal sealed class FiledTexts(Func<long, int, IReadOnlyList<string>> read, long offset, int length, int count) : IReadOnlyList<string>
{
    public int Count => count;

    public string this[int index] => read(offset, length)[index];

    public IEnumerator<string> GetEnumerator() => read(offset, length).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
