using System.Reflection;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Tests;

/// <summary>A copy that forgets an option does so in silence, and only for who sets it.</summary>
public class CopyTests
{
    [Fact]
    public void A_copy_constructor_copies_every_option()
    {
        List<string> forgotten = [];
        int copies = 0;
        foreach (Package package in Package.AllAndTool)
        {
            foreach (Type type in package.Assembly.GetTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && IsCopied(type)))
            {
                copies++;
                string constructor = CopyConstructor(package, type);
                forgotten.AddRange(type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                    .Where(property => property.CanWrite && !Regex.IsMatch(constructor, $@"\bother\.(_(?i:{property.Name})|{property.Name})\b"))
                    .Select(property => $"{type.Name}.{property.Name}"));
            }
        }

        Assert.True(copies > 10, $"Only {copies} copy constructors were found.");
        Assert.True(forgotten.Count == 0, $"Not copied: {string.Join(", ", forgotten)}");
    }

    private static bool IsCopied(Type type)
        => type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly, [type]) is not null && !IsRecord(type);

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static string CopyConstructor(Package package, Type type)
    {
        string source = File.ReadAllText(package.SourceFiles.Single(file => Path.GetFileName(file) == $"{type.Name}.cs"));
        return Regex.Match(source, $@"{type.Name}\({type.Name} other\).*?\n    }}", RegexOptions.Singleline).Value;
    }
}
