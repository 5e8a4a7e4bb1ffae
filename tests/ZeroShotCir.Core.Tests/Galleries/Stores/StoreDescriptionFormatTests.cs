using System.Text.Json;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Tests.Galleries.Stores;

public sealed class StoreDescriptionFormatTests
{
    private const string First = """
        {"format":"zeroshotcir-store","version":1,"dimensions":3,"caption_weight":0.1,"missing_captions":"image-only","parts":true,"generation":7,"whole":true,"rows":5,
        "model":{"image":"i","text":"t","orientation":"apply","resize_order":"pillow13","decoder":"skia"}}
        """;

    [Fact]
    public void Every_reading_of_pictures_comes_back()
    {
        foreach (ImageReading reading in from orientation in Enum.GetValues<ImageOrientation>()
                                         from order in Enum.GetValues<ResizeOrder>()
                                         from resolution in Enum.GetValues<ImageResolution>()
                                         from decoder in new[] { null, "skia+magick" }
                                         select new ImageReading { Orientation = orientation, ResizeOrder = order, Resolution = resolution, Decoder = decoder })
        {
            GalleryModel model = new("i", "t", 3) { Reading = reading };
            StoreDescription description = new(3, 0.25)
            {
                Model = model,
                MissingCaptions = MissingCaptions.EmptyText,
                KeepsParts = true,
                Generation = 9,
                Rows = 4,
                IsWhole = false,
            };

            StoreDescription read = StoreDescriptionFormat.Parse(StoreDescriptionFormat.ToJson(description));

            Assert.Equal(model, read.Model);
            Assert.Equal((3, 0.25, MissingCaptions.EmptyText, true), (read.Dimensions, read.Beta, read.MissingCaptions, read.KeepsParts));
            Assert.Equal((9, 4, false), (read.Generation, read.Rows, read.IsWhole));
        }
    }

    [Fact]
    public void Rows_of_pictures_that_were_read_in_another_way_do_not_stand_beside_each_other()
    {
        StoreDescription full = Of(new ImageReading { Decoder = "skia" }), silent = Of(null);
        foreach (ImageReading other in (ImageReading[])
                 [new() { Resolution = ImageResolution.Reduced }, new() { Orientation = ImageOrientation.Ignore }, new() { ResizeOrder = ResizeOrder.Pillow13 }])
        {
            Assert.Contains("own", Assert.Throws<InvalidGalleryException>(() => full.ThrowIfOther(Of(other), "shop")).Message, StringComparison.Ordinal);
            Assert.False(full.IsSameFolding(Of(other)));
            silent.ThrowIfOther(Of(other), "shop");
        }

        full.ThrowIfOther(Of(new ImageReading { Decoder = "magick" }), "shop");
        full.ThrowIfOther(silent, "shop");
        Assert.True(full.IsSameFolding(silent));

        static StoreDescription Of(ImageReading? reading) => new(3, 0.1) { Model = new GalleryModel("i", "t", 3) { Reading = reading } };
    }

    [Fact]
    public void What_says_little_comes_back()
    {
        StoreDescription read = StoreDescriptionFormat.Parse(StoreDescriptionFormat.ToJson(new StoreDescription(8, 0)));
        Assert.Equal((8, 0, null, null), (read.Dimensions, read.Beta, read.Rows, read.Model));

        GalleryModel silent = new("i", null, 8);
        Assert.Equal(silent, StoreDescriptionFormat.Parse(StoreDescriptionFormat.ToJson(new StoreDescription(8, 1) { Model = silent })).Model);
    }

    [Fact]
    public void The_first_version_is_read_and_written_as_long_as_it_says_everything()
    {
        StoreDescription read = StoreDescriptionFormat.Parse(First);
        Assert.Equal(new ImageReading { ResizeOrder = ResizeOrder.Pillow13, Decoder = "skia" }, read.Model!.Reading);
        Assert.Equal(1, VersionOf(read.Model));

        // Who only knows the first version would take the pictures for ones that were decoded with all their pixels.
        Assert.Equal(2, VersionOf(read.Model with { Reading = read.Model.Reading! with { Resolution = ImageResolution.Reduced } }));

        static int VersionOf(GalleryModel model)
        {
            using JsonDocument json = JsonDocument.Parse(StoreDescriptionFormat.ToJson(new StoreDescription(3, 0.1) { Model = model }));
            return json.RootElement.GetProperty("version").GetInt32();
        }
    }

    [Theory]
    [InlineData("\"decoder\"", "\"resolution\":\"quarter\",\"decoder\"", "'model.resolution': expected 'full' or 'reduced', found \"quarter\"")]
    [InlineData("\"apply\"", "\"mirror\"", "'model.orientation': expected 'apply' or 'ignore', found \"mirror\"")]
    [InlineData("\"pillow13\"", "\"pillow14\"", "'model.resize_order': expected 'pillow12' or 'pillow13', found \"pillow14\"")]
    [InlineData("\"image-only\"", "\"none\"", "'missing_captions': expected 'image-only' or 'empty-text', found \"none\"")]
    [InlineData("\"version\":1", "\"version\":3", "is of version 3, this program reads up to 2")]
    [InlineData("\"version\":1", "\"version\":\"1\"", "'version': expected an integer of at least 1")]
    [InlineData("\"dimensions\":3", "\"dimensions\":0", "'dimensions': expected an integer of at least 1")]
    [InlineData("0.1", "1.5", "'caption_weight': expected a number in [0, 1], found 1.5")]
    [InlineData("zeroshotcir-store", "another", "expected 'zeroshotcir-store'")]
    [InlineData("\"parts\":true,", "", "'parts': expected true or false, found nothing")]
    [InlineData("{\"format\"", "[\"format\"", "is not valid JSON")]
    public void What_is_unknown_or_damaged_is_refused_in_words(string good, string bad, string words)
    {
        string json = First.Replace(good, bad, StringComparison.Ordinal);
        Assert.NotEqual(First, json);
        Assert.Contains(words, Assert.Throws<InvalidGalleryException>(() => StoreDescriptionFormat.Parse(json)).Message, StringComparison.Ordinal);
    }
}
