using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

public sealed class TimingWheelTests
{
    private const long Minute = TimeSpan.TicksPerMinute;
    private const int Limit = 128;

    [Fact]
    public void TakeDue_ComesToAnEnd_WhenTheClockWasSetBack()
    {
        var wheel = new TimingWheel(600 * Minute);
        var due = new List<EntryNode>();
        wheel.Add(new EntryNode(545 * Minute));

        Assert.True(wheel.TakeDue(540 * Minute, Limit, due));
        Assert.Empty(due);
        Assert.True(wheel.TakeDue(546 * Minute, Limit, due));
        Assert.Single(due);
    }

    /// <summary>W1, whichever way the clock moves.</summary>
    [Fact]
    public void TakeDue_ReturnsWhatIsDue_AndNothingElse_HoweverTheClockMoves()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            long now = 1L << 50;
            var wheel = new TimingWheel(now);
            var waiting = new HashSet<EntryNode>();
            for (int step = 0; step < 200; step++)
            {
                var node = new EntryNode(now + Math.Max(1, random.NextInt64(1L << random.Next(10, 48))));
                wheel.Add(node);
                waiting.Add(node);
                now += random.NextInt64(1L << random.Next(10, 46)) * (random.Next(4) == 0 ? -1 : 1);
                var due = new List<EntryNode>();
                for (int turns = 0; !wheel.TakeDue(now, Limit, due); turns++)
                {
                    Assert.True(turns < 100, $"seed {seed}: it does not end");
                }

                Assert.All(due, taken => Assert.True(taken.IsExpired(now) && waiting.Remove(taken)));
                long tick = now >> TimingWheel.TickBits;
                Assert.All(waiting, left => Assert.True(left.Deadline >> TimingWheel.TickBits >= tick, $"seed {seed}"));
                Assert.Equal(waiting.Count, wheel.Count);
            }
        }
    }
}
