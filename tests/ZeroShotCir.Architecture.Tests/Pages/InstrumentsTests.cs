using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using ZeroShotCir.Diagnostics;

namespace ZeroShotCir.Tests.Pages;

public class InstrumentsTests
{
    [Fact]
    public void The_page_about_hosting_has_every_instrument_with_its_unit()
    {
        string page = Page.Named("docs/hosting.md").Text;

        Assert.All(Instruments(), instrument => Assert.Contains($"| `{instrument.Name}` | {instrument.Unit!.Trim('{', '}')} |", page, StringComparison.Ordinal));
    }

    // Without advice, collectors part seconds at 0, 5, 10, and so on: nothing could be told of a search that takes milliseconds.
    [Fact]
    public void Histograms_advise_buckets_that_tell_searches_apart()
    {
        Histogram<double>[] seconds = [.. Instruments().OfType<Histogram<double>>()];

        Assert.NotEmpty(seconds);
        Assert.All(seconds, histogram =>
        {
            IReadOnlyList<double>? bounds = histogram.Advice?.HistogramBucketBoundaries;
            Assert.NotNull(bounds);
            Assert.True(bounds.Count(bound => bound < 0.1) >= 5 && bounds[^1] >= 5);
            Assert.Equal(bounds.Order(), bounds);
        });
        Assert.All(Instruments().OfType<Histogram<int>>(), histogram => Assert.NotNull(histogram.Advice?.HistogramBucketBoundaries));
    }

    private static List<Instrument> Instruments()
    {
        RuntimeHelpers.RunClassConstructor(typeof(Telemetry).TypeHandle);
        List<Instrument> instruments = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == Telemetry.Name)
            {
                instruments.Add(instrument);
            }
        };
        listener.Start();
        Assert.True(instruments.Count >= 9);
        return instruments;
    }
}
