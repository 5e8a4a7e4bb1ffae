using System.Text;
using System.Text.Json;
using ZeroShotCir.Json;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests.Json;

public sealed class JsonFileTests : IDisposable
{
    private static readonly JsonFormat Format = new("list of things", (message, cause) => new ThingException(message, cause))
    {
        MaxBytes = 1000,
        MaxDepth = 8,
        Remedy = "Make it anew.",
        WhenMissing = "Look elsewhere.",
    };

    private static readonly (string Json, Func<JsonField, object?> Read, string Expected)[] Wrong =
    [
        ("null", root => root["a"], ": expected a JSON object, found null"),
        ("[]", root => root.Object(), ": expected a JSON object, found an array of 0"),
        ("{}", root => root["a"].Text(), ", 'a': expected a text, found nothing"),
        ("""{"a":5}""", root => root["a"].Text(), ", 'a': expected a text, found 5"),
        ("""{"a":"\ud800"}""", root => root["a"].Text(), ", 'a': expected a text in valid Unicode"),
        ("""{"\ud800":1}""", root => root.Members().ToList(), ": expected names in valid Unicode"),
        ("""{"a":{"b":[0,{"c":"x"}]}}""", root => root["a"]["b"].Items().Last()["c"].Flag(), ", 'a.b[1].c': expected true or false, found \"x\""),
        ("""[0,{"c":[{}]}]""", root => root.Items().Last()["c"].Texts(), ", entry 1, 'c[0]': expected a text, found an object"),
        ("""{"a":2147483648}""", root => root["a"].Int32(), ", 'a': expected an integer from -2147483648 to 2147483647, found 2147483648"),
        ("""{"a":0}""", root => root["a"].Int32(least: 1), ", 'a': expected an integer of at least 1, found 0"),
        ("""{"a":9223372036854775808}""", root => root["a"].Int64(), ", 'a': expected an integer, found 9223372036854775808"),
        ("""{"a":1.5}""", root => root["a"].Int32(0, 9), ", 'a': expected an integer from 0 to 9, found 1.5"),
        ("""{"a":1e999}""", root => root["a"].Double(), ", 'a': expected a number, found 1e999"),
        ("""{"a":"yesterday"}""", root => root["a"].Time(), ", 'a': expected a time"),
        ("""{"a":{}}""", root => root["a"].Items(), ", 'a': expected a JSON array, found an object"),
        ("""{"a":[]}""", root => root["a"].Members(), ", 'a': expected a JSON object, found an array of 0"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_right_is_read()
    {
        JsonField root = Root(
            """{"text":"é\u00e9","flag":true,"whole":-7,"number":2.5e3"""
            + ""","time":"2026-01-31T12:00:00+01:00","nothing":null,"texts":["a","b"],"inner":{"n":[1,2]},"text":"later"}""");
        Assert.Equal("later", root["text"].Text());
        Assert.True(root["flag"].Flag());
        Assert.Equal(-7, root["whole"].Int32());
        Assert.Equal(2500, root["number"].Double());
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.FromHours(1)), root["time"].Time());
        Assert.Null(root["nothing"].OrNull);
        Assert.Null(root["absent"].OrNull);
        Assert.Equal(["a", "b"], root["texts"].Texts());
        Assert.Equal([1, 2], root["inner"]["n"].Items().Select(item => item.Int32()));
        Assert.Equal(["n"], root["inner"].Members().Select(member => member.Name));
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        File.WriteAllBytes(Path, [0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8]);
        Assert.Equal(1, JsonFile.Read(Path, Format)["a"].Int32());
        Assert.Equal(1, Assert.Single(JsonFile.ReadLines(Path, Format))["a"].Int32());
    }

    [Fact]
    public void What_is_wrong_is_told_with_its_field() => Assert.All(Wrong, fault =>
    {
        (string json, Func<JsonField, object?> read, string expected) = fault;
        ThingException error = Assert.Throws<ThingException>(() => read(Root(json)));
        Assert.StartsWith($"The list of things '{Path}'{expected}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(". Make it anew.", error.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("", "is not valid JSON at line 1, byte 1:")]
    [InlineData("{\n\"a\":,", "is not valid JSON at line 2, byte 5:")]
    [InlineData("{} {}", "is not valid JSON at line 1, byte 4:")]
    [InlineData("[[[[[[[[[]]]]]]]]]", "is not valid JSON at line 1, byte 9:")]
    public void What_is_no_JSON_is_told_with_its_line(string json, string expected)
        => Assert.StartsWith($"The list of things '{Path}' {expected}", Assert.Throws<ThingException>(() => Root(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Another_encoding_is_named()
    {
        File.WriteAllBytes(Path, [.. "{\n\"a\":\""u8, 0xFF, .. "\"}"u8]);
        Assert.Contains("is not UTF-8 in line 2", Refusal(), StringComparison.Ordinal);
        File.WriteAllText(Path, "{}", Encoding.Unicode);
        Assert.Contains("is UTF-16; expected JSON in UTF-8", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_so_many_bytes_are_read()
    {
        File.WriteAllText(Path, "[" + new string(' ', 998) + "]");
        Assert.Empty(JsonFile.Read(Path, Format).Items());
        File.AppendAllText(Path, "\n");
        Assert.Contains("has more than the 1000 bytes", Refusal(), StringComparison.Ordinal);
        File.WriteAllText(Path, "[1]\n[" + new string(' ', 200_000) + "]\n");
        Assert.Contains("is too long in line 2", Assert.Throws<ThingException>(() => JsonFile.ReadLines(Path, Format).Count()).Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains("has more than the 1000 bytes", Assert.Throws<ThingException>(() => JsonFile.Read("/dev/zero", Format)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_no_file_is_told()
    {
        Assert.EndsWith("does not exist. Look elsewhere.", Refusal(), StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<ThingException>(() => JsonFile.Read(_folder.Path, Format)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<ThingException>(() => JsonFile.Read("a\0b", Format)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_counted_and_told()
    {
        File.WriteAllText(Path, "{\"a\":1}\r\n\n{\"a\":\"x\"}\n{\"a\"");
        using IEnumerator<JsonField> lines = JsonFile.ReadLines(Path, Format).GetEnumerator();
        Assert.True(lines.MoveNext());
        Assert.Equal(1, lines.Current["a"].Int32());
        Assert.True(lines.MoveNext());
        Assert.Contains(", line 3, 'a': expected an integer", Assert.Throws<ThingException>(() => lines.Current["a"].Int64()).Message, StringComparison.Ordinal);
        Assert.Contains("is not valid JSON in line 4", Assert.Throws<ThingException>(() => lines.MoveNext()).Message, StringComparison.Ordinal);
        Assert.Equal(2, JsonFile.ReadLines(Path, Format, mayEndTorn: true).Count());
    }

    [Fact]
    public void Lines_of_any_length_are_cut_where_they_end()
    {
        JsonFormat wide = new("file", (message, cause) => new ThingException(message, cause)) { MaxBytes = 1 << 20 };
        Random random = new(3);
        string[] texts = [.. Enumerable.Range(0, 60).Select(_ => new string('ü', random.Next(30_000)))];
        File.WriteAllLines(Path, texts.Select(text => $"\"{text}\""));
        Assert.Equal(texts, JsonFile.ReadLines(Path, wide).Select(line => line.Text()));
    }

    [Fact]
    public void No_spoilt_file_gives_another_exception()
    {
        byte[] good = Encoding.UTF8.GetBytes("""{"a":["x",{"b":1.5}],"c":{"d":"é"},"e":-12,"f":true}""");
        MutationRun run = new("JSON", 3000, bad =>
        {
            JsonField root = JsonFile.Parse(bad, Path, Format);
            Assert.InRange(root["a"].Items().Count(), 0, int.MaxValue);
            Assert.NotNull(root["c"].OrNull?["d"].Text() ?? root["a"].Items().FirstOrDefault(root["e"]).Text());
            Assert.InRange(root["e"].Int32(-50, 50), -50, 50);
            Assert.True(root["f"].Flag() | true);
            Assert.All(root.Members(), member => Assert.NotEqual(JsonValueKind.Undefined, member.Kind));
        })
        {
            IsRefusal = e => e is ThingException,
        };

        run.Execute(random => Mutation.Json(good, random));
    }

    private string Path => _folder.File("things.json");

    private JsonField Root(string json)
    {
        File.WriteAllText(Path, json);
        return JsonFile.Read(Path, Format);
    }

    private string Refusal() => Assert.Throws<ThingException>(() => JsonFile.Read(Path, Format)).Message;

    private sealed class ThingException(string message, Exception? cause) : Exception(message, cause);
}
