using System.Reflection;
using System.Runtime.CompilerServices;

namespace ZeroShotCir.Tests;

/// <summary>A name says what it names, and names it alone: see docs/decisions/0012-shapes-of-the-api.md.</summary>
public class NameTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static IEnumerable<Type> Types => Package.AllAndTool
        .SelectMany(package => package.Assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith("ZeroShotCir", StringComparison.Ordinal) == true && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false));

    [Fact]
    public void No_two_types_have_the_same_name()
    {
        IGrouping<string, Type>[] names = [.. Types.Where(type => !type.IsNested).GroupBy(type => type.Name)];

        Assert.True(names.Length > 1_000, $"Only {names.Length} types were looked at.");
        None(names.Where(name => name.Count() > 1).Select(name => string.Join(" and ", name.Select(type => type.FullName))));
    }

    // Of what? A name that says what is made or read needs no look at the parameters.
    [Fact]
    public void No_static_method_is_called_Of()
        => None(Types.Where(type => type.GetMethods(Declared).Any(method => method is { IsStatic: true, Name: "Of" or "OfAsync" })).Select(type => $"{type.FullName}.Of"));

    [Fact]
    public void Beta_is_called_Beta_as_alpha_is_called_Alpha()
    {
        string[] names = [.. Types.SelectMany(type => type.GetMembers(Declared).SelectMany(
            member => ((member as MethodBase)?.GetParameters() ?? []).Select(parameter => parameter.Name).Append(member.Name).OfType<string>()))];

        Assert.Contains("Beta", names);
        None(names.Where(name => name.Contains("CaptionWeight", StringComparison.OrdinalIgnoreCase)).Distinct());
    }

    private static void None(IEnumerable<string> violations) => Assert.True(!violations.Any(), string.Join(Environment.NewLine, violations));
}
