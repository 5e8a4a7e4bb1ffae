using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ZeroShotCir.Tests.Pages;

/// <summary>The XML documentation of an assembly, as Markdown of one line.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _members;

    public XmlDocs(Assembly assembly) => _members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    public string Summary(Type type) => Text($"T:{type.FullName}", "summary");

    public string Summary(PropertyInfo property) => Text(Name(property), "summary");

    /// <summary>What its value may be, and what it is where nobody sets it.</summary>
    public string Value(PropertyInfo property) => Text(Name(property), "value");

    private static string Name(PropertyInfo property) => $"P:{property.DeclaringType!.FullName}.{property.Name}";

    private string Text(string member, string element)
        => _members.TryGetValue(member, out XElement? documented) && documented.Element(element) is { } text ? Blanks().Replace(Markdown(text), " ").Trim() : "";

    private static string Markdown(XElement element)
    {
        StringBuilder text = new();
        foreach (XNode node in element.Nodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { Name.LocalName: "see" or "seealso" } see => see.Attribute("cref") is { } reference ? $"`{Short(reference.Value)}`"
                    : see.Attribute("langword") is { } word ? $"`{word.Value}`"
                    : see.Attribute("href")!.Value,
                XElement { Name.LocalName: "paramref" or "typeparamref" } name => $"`{name.Attribute("name")!.Value}`",
                XElement { Name.LocalName: "c" or "code" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "para" } paragraph => $" {Markdown(paragraph)} ",
                XElement other => Markdown(other),
                _ => "",
            });
        }

        return text.ToString();
    }

    // T:A.B.C is C, P:A.B.C.D is C.D and M:A.B.C.D(E) is C.D().
    private static string Short(string reference)
    {
        string name = Parameters().Replace(reference[2..], "");
        string[] parts = name.Split('.');
        return reference[0] switch
        {
            'T' => parts[^1],
            'M' => $"{string.Join('.', parts[^2..])}()",
            _ => string.Join('.', parts[^2..]),
        };
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\(.*\)$|``?\d+")]
    private static partial Regex Parameters();
}
