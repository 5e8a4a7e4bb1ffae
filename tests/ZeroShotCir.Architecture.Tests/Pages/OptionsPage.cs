using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Tests.Pages;

/// <summary>The page of all options, made of the assemblies: names and defaults from instances, words from their documentation.</summary>
internal static partial class OptionsPage
{
    private const string Introduction = """
        # Options and defaults
        Every class of options, package by package. An empty default means *none*. Options are checked as they are set: a value out of its range
        is an exception that names the property.

        `OptionsPageTests` writes this page from the assemblies and their XML documentation, and fails when the two differ; edit the documentation in the code, not this page.

        """;

    private static readonly string[] Endings = ["Options", "Settings", "Limits"];

    /// <summary>The classes that the page is about: those that a caller can make and whose name says what they are.</summary>
    public static IEnumerable<Type> Classes(Package package) => package.Assembly.GetExportedTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && Endings.Any(ending => type.Name.EndsWith(ending, StringComparison.Ordinal))
            && type.GetConstructors().Any(constructor => constructor.GetParameters().All(parameter => parameter.IsOptional)))
        .OrderBy(type => type.Name, StringComparer.Ordinal);

    public static IEnumerable<PropertyInfo> Properties(Type type)
        => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true }).OrderBy(property => property.MetadataToken);

    public static string Write()
    {
        StringBuilder page = new(Introduction);
        foreach (Package package in Package.All.Where(package => Classes(package).Any()))
        {
            XmlDocs docs = new(package.Assembly);
            page.Append(CultureInfo.InvariantCulture, $"\n## {package.Name}\n");
            foreach (Type type in Classes(package))
            {
                object instance = Make(type);
                page.Append(CultureInfo.InvariantCulture, $"\n### {type.Name}\n`{type.Namespace}`. {docs.Summary(type)}\n\n| option | default | |\n|---|---|---|\n");
                foreach (PropertyInfo property in Properties(type))
                {
                    string value = docs.Value(property);
                    string range = DefaultSentence().Replace(value, "").Trim();
                    page.Append(CultureInfo.InvariantCulture,
                        $"| `{property.Name}` | {Cell(Default(property, instance, value))} | {Cell($"{docs.Summary(property)} {range}".Trim())} |\n");
                }
            }
        }

        return page.ToString();
    }

    /// <summary>What the documentation says that the default is; <see langword="null"/> where it does not say.</summary>
    public static string? Documented(string value) => DefaultSentence().Match(value) is { Success: true } said ? said.Groups["words"].Value.Trim() : null;

    public static object Make(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().OrderBy(constructor => constructor.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }

    // A number of this machine, or a folder of this user, is no default: there the words of the documentation stand.
    private static string Default(PropertyInfo property, object instance, string documented)
    {
        string? words = Documented(documented);
        return property.IsDefined(typeof(RequiredMemberAttribute)) ? "*required*"
            : property.GetValue(instance) is not { } value ? Nothing(words, documented)
            : Literal(property, value) is { } literal && !OfMachine().IsMatch(words ?? "") ? literal
            : words ?? (value.GetType().Namespace!.StartsWith("ZeroShotCir", StringComparison.Ordinal) ? $"`new {value.GetType().Name}()`" : "");
    }

    private static string Nothing(string? words, string documented) => words switch
    {
        null => documented.Contains("`null`", StringComparison.Ordinal) ? "`null`" : "",
        "`null`" => "",
        _ => Tail(words),
    };

    // "`null`: what the folder says" is, in a table, "what the folder says".
    private static string Tail(string words) => words.StartsWith("`null`", StringComparison.Ordinal) ? words["`null`".Length..].TrimStart(':', ',', ' ') : words;

    private static string? Literal(PropertyInfo property, object value) => value switch
    {
        bool yes => yes ? "`true`" : "`false`",
        Enum name => $"`{name}`",
        TimeSpan time => Time(time),
        string { Length: 0 } => "\"\"",
        string text => $"`{text}`",
        int or long when property.Name.EndsWith("Bytes", StringComparison.Ordinal) => Bytes(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        int or long or double or float => Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IEnumerable list when !list.Cast<object>().Any() => "",
        _ => null,
    };

    private static string Bytes(long bytes)
        => bytes > 0 && bytes % (1 << 20) == 0 ? $"{bytes >> 20} MiB"
        : bytes > 0 && bytes % (1 << 10) == 0 ? $"{bytes >> 10} KiB"
        : Number(bytes);

    private static string Number(double number)
        => number is int.MaxValue or long.MaxValue ? "no limit"
        : number.ToString(Math.Abs(number) >= 10_000 ? "#,0" : "0.#########", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time)
        => time == Timeout.InfiniteTimeSpan ? "no limit"
        : time.TotalSeconds < 1 && time != TimeSpan.Zero ? $"{time.TotalMilliseconds:0.###} ms"
        : time.TotalSeconds < 120 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s")
        : time.TotalMinutes < 120 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.##} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.##} h");

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"\s*(?:The default value is|The default is) (?<words>.+?)(?:\.(?=\s|$)|$)")]
    private static partial Regex DefaultSentence();

    [GeneratedRegex("processor|~/|of this machine|temporary folder", RegexOptions.IgnoreCase)]
    private static partial Regex OfMachine();
}
