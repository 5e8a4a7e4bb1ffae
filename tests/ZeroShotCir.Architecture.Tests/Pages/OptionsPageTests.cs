using System.Globalization;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Tests.Pages;

public partial class OptionsPageTests
{
    private const string Write = "ZEROSHOTCIR_WRITE_PAGES";

    private static readonly string File = Path.Combine(RepositoryPaths.Root, "docs", "options.md");

    [Fact]
    public void The_page_of_options_is_what_the_assemblies_say()
    {
        string page = OptionsPage.Write();
        if (Environment.GetEnvironmentVariable(Write) == "1")
        {
            System.IO.File.WriteAllText(File, page);
        }

        string[] committed = System.IO.File.ReadAllText(File).ReplaceLineEndings("\n").Split('\n'), said = page.Split('\n');
        Assert.True(committed.SequenceEqual(said),
            $"docs/options.md differs from the assemblies; run this test once with {Write}=1 and commit the page. "
            + $"They say otherwise:\n{string.Join('\n', said.Except(committed).Take(10))}");
    }

    [Fact]
    public void The_documented_default_of_an_option_is_its_default()
    {
        List<string> wrong = [];
        int compared = 0;
        foreach (Package package in Package.All)
        {
            XmlDocs docs = new(package.Assembly);
            foreach (Type type in OptionsPage.Classes(package))
            {
                object instance = OptionsPage.Make(type);
                foreach (System.Reflection.PropertyInfo property in OptionsPage.Properties(type))
                {
                    object? value = property.GetValue(instance);
                    if (OptionsPage.Documented(docs.Value(property)) is { } said && Same(said, value) is { } same)
                    {
                        compared++;
                        if (!same)
                        {
                            wrong.Add($"{type.Name}.{property.Name} is {value ?? "null"}; its documentation says {said}");
                        }
                    }
                }
            }
        }

        Assert.True(compared >= 60, $"Only {compared} defaults were compared.");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Theory]
    [InlineData("`false`", true, false)]
    [InlineData("`null`: none", 3, false)]
    [InlineData("0.5", 0.5, true)]
    [InlineData("1,000", 1000, true)]
    [InlineData("the number of processors", 8, null)]
    public void Words_are_compared_with_values(string said, object value, bool? same) => Assert.Equal(same, Same(said, value));

    // Whether the words name the value; null where they say it in a way that cannot be compared.
    private static bool? Same(string said, object? value)
    {
        if (said.StartsWith('`'))
        {
            string word = said[1..said.IndexOf('`', 1)];
            return word switch
            {
                "null" => value is null,
                "true" or "false" => value is bool yes ? yes == (word == "true") : null,
                _ => value is Enum name ? word == $"{name.GetType().Name}.{name}" : null,
            };
        }

        if (value is not (int or long or float or double) || Figure().Match(said) is not { Success: true } figure)
        {
            return null;
        }

        double number = double.Parse(figure.Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        double real = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return new[] { 1, 1 << 10, 1 << 20, 1 << 30, 1e6 }.Any(unit => Math.Abs((number * unit) - real) <= 1e-6 * Math.Abs(real));
    }

    [GeneratedRegex(@"^-?\d[\d,]*(\.\d+)?")]
    private static partial Regex Figure();
}
