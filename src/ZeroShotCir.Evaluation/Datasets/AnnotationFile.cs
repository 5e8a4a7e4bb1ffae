using System.Text.Json;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Reads annotation files so that what is wrong in them is said with its place.</summary>
internal sealed class AnnotationFile
{
    private AnnotationFile(string path, JsonElement root)
    {
        Path = path;
        Root = root;
    }

    public string Path { get; }

    public JsonElement Root { get; }

    public static AnnotationFile Read(string path, string remedy)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            return new AnnotationFile(path, document.RootElement.Clone());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDatasetException($"The annotation file '{path}' does not exist. {Neighbours(path)}{remedy}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDatasetException($"The annotation file '{path}' cannot be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new InvalidDatasetException(
                $"The annotation file '{path}' is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {e.Message} Download it again.", e);
        }
    }

    // Where the folder is right, the split or the category is not.
    private static string Neighbours(string path)
    {
        const int Listed = 12;
        string folder = System.IO.Path.GetDirectoryName(path)!;
        string[] files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*" + System.IO.Path.GetExtension(path)).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)]
            : [];
        return files.Length == 0
            ? string.Empty
            : $"Its folder has {string.Join(", ", files.Take(Listed))}{(files.Length > Listed ? ", …" : string.Empty)}: check the split. ";
    }

    public IEnumerable<Entry> Entries()
    {
        Require(Root.ValueKind == JsonValueKind.Array, "the file", "a JSON array", Root);
        int index = 0;
        foreach (JsonElement element in Root.EnumerateArray())
        {
            Entry entry = new(this, element, $"entry {index}");
            Require(element.ValueKind == JsonValueKind.Object, entry.Where, "a JSON object", element);
            yield return entry;
            index++;
        }
    }

    public IReadOnlyList<string> Names()
    {
        Require(Root.ValueKind == JsonValueKind.Array, "the file", "a JSON array of image names", Root);
        List<string> names = [];
        foreach (JsonElement element in Root.EnumerateArray())
        {
            Require(element.ValueKind == JsonValueKind.String, $"entry {names.Count}", "an image name", element);
            names.Add(element.GetString()!);
        }

        return names;
    }

    public IReadOnlyList<KeyValuePair<string, string>> NamedPaths()
    {
        Require(Root.ValueKind == JsonValueKind.Object, "the file", "a JSON object of image names and paths", Root);
        List<KeyValuePair<string, string>> paths = [];
        foreach (JsonProperty property in Root.EnumerateObject())
        {
            Require(property.Value.ValueKind == JsonValueKind.String, $"'{property.Name}'", "a path", property.Value);
            paths.Add(new(property.Name, property.Value.GetString()!));
        }

        return paths;
    }

    public void Require(bool condition, string where, string expected, JsonElement found)
    {
        if (!condition)
        {
            string text = found.ValueKind == JsonValueKind.Undefined ? "nothing" : found.GetRawText();
            throw Malformed(where, expected, text.Length > 80 ? text[..80] + "…" : text);
        }
    }

    public InvalidDatasetException Malformed(string where, string expected, string found)
        => new($"The annotation file '{Path}', {where}: expected {expected}, found {found}. Compare it with the official release.");

    internal readonly struct Entry(AnnotationFile file, JsonElement element, string where)
    {
        public string Where => where;

        public AnnotationFile File => file;

        public bool Has(string property) => element.TryGetProperty(property, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

        public string Text(string property)
        {
            JsonElement value = Get(property);
            file.Require(value.ValueKind == JsonValueKind.String, $"{where}, '{property}'", "a text", value);
            return value.GetString()!;
        }

        public string? TextOrNull(string property) => Has(property) ? Text(property) : null;

        public long Integer(string property)
        {
            JsonElement value = Get(property);
            file.Require(value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _), $"{where}, '{property}'", "an integer", value);
            return value.GetInt64();
        }

        public Entry Object(string property)
        {
            JsonElement value = Get(property);
            file.Require(value.ValueKind == JsonValueKind.Object, $"{where}, '{property}'", "a JSON object", value);
            return new Entry(file, value, $"{where}, '{property}'");
        }

        public IReadOnlyList<string> Texts(string property)
        {
            List<string> texts = [];
            foreach (JsonElement item in Array(property))
            {
                file.Require(item.ValueKind == JsonValueKind.String, $"{where}, '{property}'", "texts only", item);
                texts.Add(item.GetString()!);
            }

            return texts;
        }

        public IReadOnlyList<long> Integers(string property)
        {
            List<long> numbers = [];
            foreach (JsonElement item in Array(property))
            {
                file.Require(item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out _), $"{where}, '{property}'", "integers only", item);
                numbers.Add(item.GetInt64());
            }

            return numbers;
        }

        public IReadOnlyList<double> Numbers(string property)
        {
            List<double> numbers = [];
            foreach (JsonElement item in Array(property))
            {
                file.Require(item.ValueKind == JsonValueKind.Number, $"{where}, '{property}'", "numbers only", item);
                numbers.Add(item.GetDouble());
            }

            return numbers;
        }

        public IReadOnlyList<Entry> Objects(string property)
        {
            List<Entry> entries = [];
            foreach (JsonElement item in Array(property))
            {
                string place = $"{where}, '{property}' {entries.Count}";
                file.Require(item.ValueKind == JsonValueKind.Object, place, "a JSON object", item);
                entries.Add(new Entry(file, item, place));
            }

            return entries;
        }

        private JsonElement Get(string property)
            => element.TryGetProperty(property, out JsonElement value) ? value : throw file.Malformed(where, $"the property '{property}'", "none");

        private JsonElement.ArrayEnumerator Array(string property)
        {
            JsonElement value = Get(property);
            file.Require(value.ValueKind == JsonValueKind.Array, $"{where}, '{property}'", "a JSON array", value);
            return value.EnumerateArray();
        }
    }
}
