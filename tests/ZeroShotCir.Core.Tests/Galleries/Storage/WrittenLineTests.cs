using System.Buffers;
using System.Text.Json;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Tests.Galleries.Storage;

/// <summary>The short look at an item's line says what reading it as JSON says, or nothing.</summary>
public sealed class WrittenLineTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static readonly string[] Names =
    [
        "a.jpg", "2019/Trip #2/IMG_3939.webp", "Köln/Straße 5.png", "日本/写真.jpg", "😀.png", "a\"b\\c'<>&+.jpg", "\\u0041.jpg", "x],.png", new('n', 2000),
    ];

    private static readonly string[] Texts = ["", "a red dress", "],\"file\":{", "x],", "\",\"metadata\":{\"a\":\"b\"}", "ein Mädchen", "\\"];
    private static readonly DateTimeOffset Time = new(2026, 11, 28, 19, 47, 18, TimeSpan.Zero);

    [Fact]
    public void What_was_written_of_an_unchanged_file_is_found()
    {
        foreach (string name in Names)
        {
            foreach (string[] captions in (string[][])[[], ["a red dress"], Texts])
            {
                ItemRecord item = Item(name) with { Captions = captions };
                Assert.Equal(Hash, Find(item, item.Id, item.Place!, File(Time)));
                Assert.True(WrittenLine.HasId(Line(item), item.Id), name);
            }
        }
    }

    [Fact]
    public void Whatever_differs_is_not_taken_for_the_same()
    {
        foreach (string name in Names)
        {
            ItemRecord item = Item(name);
            ItemPlace place = item.Place!;
            FileStamp file = File(Time);
            string?[] found =
            [
                Find(item, item.Id + "x", place, file),
                Find(item, item.Id[..^1], place, file),
                Find(item, item.Id, place with { Root = "other" }, file),
                Find(item, item.Id, place with { Path = place.Path + "x" }, file),
                Find(item, item.Id, place, file with { Bytes = 80 }),
                Find(item, item.Id, place, file with { Modified = file.Modified.AddTicks(1) }),
                Find(item, item.Id, place, file with { Changed = file.Changed!.Value.AddTicks(-1) }),
                Find(item, item.Id, place, file with { Changed = null }),
                Find(item with { Metadata = new Dictionary<string, string> { ["file"] = "a" } }, item.Id, place, file),
                Find(item with { Captions = ["a"], Metadata = new Dictionary<string, string> { ["a"] = "b" } }, item.Id, place, file),
                Find(item with { Place = null }, item.Id, place, file),
                Find(item with { Image = null }, item.Id, place, file),
                Find(item with { Image = item.Image! with { Changed = null } }, item.Id, place, file),
                Find(item with { Image = item.Image! with { Sha256 = "short" } }, item.Id, place, file),
            ];
            Assert.All(found, Assert.Null);
        }

        // A file may be called as another one's name is escaped.
        Assert.Null(Find(Item("A.jpg"), "\\u0041.jpg", new ItemPlace("root", "\\u0041.jpg"), File(Time)));
        Assert.False(WrittenLine.HasId("{\"id\":\"\\u0041.jpg\"}\n"u8, "\\u0041.jpg"));
        Assert.False(WrittenLine.HasId("{\"id\":\"a.jpg"u8, "a.jpg"));
    }

    [Fact]
    public void Of_damaged_lines_only_those_are_found_that_say_the_same()
    {
        Random random = new(5);
        foreach (string name in Names.Where(name => name.Length < 100))
        {
            ItemRecord item = Item(name) with { Captions = ["a red dress"] };
            FileStamp file = File(Time);
            for (int i = 0; i < 500; i++)
            {
                byte[] line = Line(item);
                line[random.Next(line.Length)] = (byte)random.Next(32, 127);
                if (WrittenLine.FindUnchanged(line, item.Id, item.Place!, file) is { } sha256 && TryParse(line) is { } read)
                {
                    Assert.Equal((item.Id, item.Place, sha256), (read.Id, read.Place, read.Image!.Sha256));
                    Assert.True(read.Image.HasSameFile(file));
                    Assert.Empty(read.Metadata);
                }

                byte[] cut = line[..random.Next(line.Length)];
                Assert.Null(WrittenLine.FindUnchanged(cut, item.Id, item.Place!, file));
            }
        }
    }

    private static ItemRecord Item(string name) => new("root/" + name)
    {
        Place = new ItemPlace("root", name),
        Image = new ImageStamp(Hash, 8, Time, Time.AddTicks(5)),
    };

    private static FileStamp File(DateTimeOffset time) => new(true, 8, time, time.AddTicks(5));

    private static string? Find(ItemRecord item, string id, ItemPlace place, FileStamp file) => WrittenLine.FindUnchanged(Line(item), id, place, file);

    private static byte[] Line(ItemRecord item)
    {
        ArrayBufferWriter<byte> buffer = new();
        ItemLine.Write(item, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static ItemRecord? TryParse(byte[] line)
    {
        try
        {
            return ItemLine.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
