namespace SuperCache.TestKit.Simulation;

/// <summary>One node's clocks: a monotonic one that runs a little fast or slow and stands still while the machine is
/// suspended, and a
/// wall clock that does not.</summary>
internal sealed class DriftingTime(EventQueue events, double rate, long offset) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _suspended;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => offset + (long)((events.Now - _suspended) * rate);

    public override DateTimeOffset GetUtcNow() => Start.AddTicks((long)(events.Now * rate) * 10);

    /// <summary>The machine was suspended for a time that ends now.</summary>
    public void OnSuspended(long length) => _suspended += length;
}
