using System.Text.RegularExpressions;

namespace ZeroShotCir.Tool.Tests.Usage;

/// <summary>Every option of every command, given in every wrong way: exit code 2 and one line, never a stack trace.</summary>
[Collection(WholeConsole.Name)]
public sealed partial class BadUsageTests(ITestOutputHelper output)
{
    private const string Unknown = "--no-such-option-at-all";
    private static readonly string[] Values =
        ["", " ", "-", "--", "a", "-1", "0", "1e999", "NaN", "99999999999999999999", "\u001b[2J", "two\nlines", "{}", "@file", "a:b:c", "0:1:0"];

    /// <summary>Of chat models and of embedding services, which are not the same option but read the same way.</summary>
    [Theory]
    [InlineData("caption --images a --out b --captioner openai:x", "--price", "1:2:3", "1", "-1:2", "1,5:2", ":2", "")]
    [InlineData("embed --model voyage:x --images a --out b", "--service-price", "1:2:3", "-1", "1,5", ":2", "")]
    [InlineData("caption --images a --out b --captioner openai:x", "--endpoint", "localhost:8000", "/v1", "ftp://a/b", "file:///a")]
    [InlineData("embed --model voyage:x --images a --out b", "--service-endpoint", "localhost:8000", "/v1", "ftp://a/b", "file:///a")]
    public void Prices_and_addresses_that_are_none_are_named(string command, string option, params string[] values)
    {
        foreach (string value in values)
        {
            ToolOutcome outcome = ToolInside.Run([.. command.Split(' '), option, value]);
            Assert.True(outcome.ExitCode == 2, $"{option} {value}: {outcome.Errors}");
            Assert.Contains($"{option} is '{value}', expected", outcome.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("tokenize")]
    [InlineData("preprocess")]
    [InlineData("embed")]
    [InlineData("caption")]
    [InlineData("compose")]
    [InlineData("index")]
    [InlineData("search")]
    [InlineData("topk")]
    [InlineData("gallery info")]
    [InlineData("gallery verify")]
    [InlineData("gallery compact")]
    [InlineData("eval")]
    [InlineData("sweep")]
    [InlineData("compare")]
    [InlineData("dataset check")]
    [InlineData("model inspect")]
    [InlineData("model pull")]
    public async Task Options_given_wrongly_are_one_line_and_exit_code_2(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using ToolProcess helping = ToolProcess.Start([.. words, "--help"]);
        string help = (await helping.EndAsync()).Output;
        IEnumerable<string> names = OptionName().Matches(help).Select(match => match.Groups[1].Value);
        string[] options = [.. names.Where(name => name is not ("--help" or "--version" or "-h" or "-?" or "--json")).Distinct()];
        int tried = 0;
        foreach (string option in options)
        {
            Refused([option]);
            Refused([option, option]);
            Refused([option, "a", option, "b"]);
            Refused([option, "1", option, "2", option, "3"]);
            foreach (string value in Values)
            {
                Refused([option, value]);
                Refused([$"{option}={value}"]);
            }

            foreach (string other in options)
            {
                Refused([option, "1", other, "1"]);
            }
        }

        output.WriteLine($"cir {command}: {options.Length} options, {tried} command lines");
        Assert.True(tried > 0 || words is ["gallery" or "model", ..]);

        // These words make the line wrong whatever takes one of them for its value, so that nothing is ever done.
        void Refused(string[] given)
        {
            string[] arguments = [.. words, Unknown, Unknown, .. given, Unknown];
            ToolOutcome outcome = ToolInside.Run(arguments);
            string line = string.Join(' ', arguments);
            Assert.True(outcome.ExitCode == 2, $"'cir {line}' ended with {outcome.ExitCode}: {outcome.Errors}");
            string[] lines = outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(lines is [var only] && only.StartsWith("error: ", StringComparison.Ordinal), $"'cir {line}' wrote {outcome.Errors}");
            Assert.DoesNotContain('\u001b', outcome.Errors);
            tried++;
        }
    }

    [GeneratedRegex(@"^  (-{1,2}[a-z][a-z-]*)", RegexOptions.Multiline)]
    private static partial Regex OptionName();
}
