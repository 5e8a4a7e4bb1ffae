using System.Text;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Splits a line of comma-separated values as RFC 4180 has them; a line ends a field, quoted or not.</summary>
internal static class CsvFields
{
    /// <returns>The fields; <see langword="null"/> where a quotation mark is not closed, or something follows it.</returns>
    public static IReadOnlyList<string>? Split(string line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        int i = 0;
        while (true)
        {
            field.Clear();
            if (i < line.Length && line[i] == '"')
            {
                i = Quoted(line, i + 1, field);
                if (i < 0 || (i < line.Length && line[i] != ','))
                {
                    return null;
                }
            }
            else
            {
                int end = line.IndexOf(',', i);
                field.Append(line, i, (end < 0 ? line.Length : end) - i);
                i = end < 0 ? line.Length : end;
            }

            fields.Add(field.ToString());
            if (i >= line.Length)
            {
                return fields;
            }

            i++;
        }
    }

    // Two quotation marks inside a quoted field are one.
    private static int Quoted(string line, int start, StringBuilder field)
    {
        for (int i = start; i < line.Length; i++)
        {
            if (line[i] != '"')
            {
                field.Append(line[i]);
            }
            else if (i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[++i]);
            }
            else
            {
                return i + 1;
            }
        }

        return -1;
    }
}
