using ZeroShotCir.Retries;

namespace ZeroShotCir.Tests.Retries;

public sealed class RetryScheduleTests
{
    private readonly RetrySchedule _schedule = new(maxRetries: 5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6), TimeProvider.System);

    [Fact]
    public void Waits_double_up_to_a_limit_and_callers_who_failed_together_come_back_apart()
    {
        for (int failures = 1; failures <= 5; failures++)
        {
            double longest = Math.Min(Math.Pow(2, failures - 1), 6);
            double[] seconds = [.. Enumerable.Range(0, 200).Select(_ => _schedule.DelayAfter(failures)!.Value.TotalSeconds)];
            Assert.All(seconds, wait => Assert.InRange(wait, longest / 2, longest));
            Assert.True(seconds.Distinct().Count() > 100);
        }
    }

    [Fact]
    public void What_the_server_asks_for_goes_first_and_too_much_or_too_often_is_the_end()
    {
        Assert.Equal(TimeSpan.FromSeconds(6), _schedule.DelayAfter(5, TimeSpan.FromSeconds(6)));
        Assert.Equal(TimeSpan.Zero, _schedule.DelayAfter(1, TimeSpan.Zero));
        Assert.Null(_schedule.DelayAfter(1, TimeSpan.FromSeconds(6.1)));
        Assert.Null(_schedule.DelayAfter(6));
        Assert.Null(_schedule.DelayAfter(6, TimeSpan.Zero));
        Assert.Null(new RetrySchedule(0, TimeSpan.Zero, TimeSpan.Zero, TimeProvider.System).DelayAfter(1));
    }

    [Theory]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("Retry-After", "2.5", 2.5)]
    [InlineData("Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT", 10.0)]
    [InlineData("Retry-After", "Wed, 01 Jan 2025 00:00:10 GMT", 0.0)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "-1", null)]
    [InlineData("Retry-After", "1e999", null)]
    public void Headers_are_read_as_servers_write_them(string name, string value, double? seconds)
        => Assert.Equal(
            seconds is { } expected ? TimeSpan.FromSeconds(expected) : null,
            RetryDelay.FromHeaders(header => header == name ? value : null, new StoppedClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))));

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
