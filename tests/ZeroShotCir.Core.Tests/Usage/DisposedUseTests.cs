using System.Buffers;
using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tensors;

namespace ZeroShotCir.Tests.Usage;

/// <summary>Whoever uses what was disposed reads the name of the class in their own code, not of one inside of it.</summary>
public sealed class DisposedUseTests : IDisposable
{
    private static readonly Dictionary<Type, Func<TemporaryFolder, IEnumerable<Action>>> Uses = new()
    {
        [typeof(RgbImage)] = _ =>
        {
            RgbImage image = new(MemoryPool<byte>.Shared.Rent(12), 2, 2);
            image.Dispose();
            return [() => image.Pixels.ToArray(), () => image.Turn(ExifOrientation.UpsideDown)];
        },
        [typeof(ImageSearch)] = folder =>
        {
            Galleries.FakeEncoder towers = new();
            ImageSearch search = new(folder.Of("searched"), towers, towers);
            search.Dispose();
            return
            [
                () => search.SearchAsync("red").GetAwaiter().GetResult(),
                () => search.SearchAsync(new ComposedQuery { Text = "red" }).GetAwaiter().GetResult(),
                () => search.UpdateAsync(folder.Of("images")).GetAwaiter().GetResult(),
                () => _ = search.Retriever,
            ];
        },
        [typeof(DecodeRoom)] = _ =>
        {
            DecodeRoom room = DecodeMemory.Shared.Unlimited(12);
            room.Dispose();
            return [() => room.Rent(12)];
        },
        [typeof(SafeTensorsWriter)] = folder =>
        {
            SafeTensorsWriter writer = new(folder.Of("x.safetensors"));
            writer.Begin<float>("x", 2);
            writer.Dispose();
            return
            [
                () => writer.Append<float>([1, 2]),
                () => writer.Begin<float>("y"),
                () => writer.Write<float>("z", [1], 1),
                () => writer.SetMetadata("k", "v"),
                writer.Complete,
            ];
        },
        [typeof(GalleryWriter)] = folder =>
        {
            GalleryWriter writer = GalleryWriter.Open(folder.Of("gallery"), new GalleryModel("m", null, 2));
            writer.Add(new GalleryEntry("a", new float[] { 1, 2 }));
            writer.Dispose();
            return [() => writer.Add(new GalleryEntry("b", new float[] { 1, 2 })), () => writer.Remove("a"), writer.Commit, writer.Compact, () => writer.Refold(0.5)];
        },
        [typeof(AnswerStore)] = folder =>
        {
            AnswerStore store = AnswerStore.Open(folder.Of("captions.jsonl"));
            string published = folder.Write("""[{"candidate":"a","captions":["x"]}]""", "published.json");
            store.Dispose();
            return
            [
                () => store.Add(new AnswerRecord("a", "h", "blip", ["x"])),
                () => store.Arrange(["a"], "blip"),
                () => store.ImportCaptions(published, "wei", id => id),
                store.Flush,
            ];
        },
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Types => [.. Uses.Keys.Select(type => type.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_use_names_the_class_that_the_user_holds(string type)
    {
        (Type disposed, Func<TemporaryFolder, IEnumerable<Action>> uses) = Uses.Single(pair => pair.Key.Name == type);
        foreach (Action use in uses(_folder))
        {
            string name = Assert.Throws<ObjectDisposedException>(use).ObjectName;
            Assert.Equal(disposed.Name, name[(name.LastIndexOf('.') + 1)..]);
        }
    }

    [Fact]
    public void No_public_disposable_is_left_out()
        => Assert.Equal(
            typeof(Gallery).Assembly.GetExportedTypes().Where(type => type.IsClass && typeof(IDisposable).IsAssignableFrom(type)).Select(type => type.Name).Order(),
            Uses.Keys.Select(type => type.Name).Order());
}
