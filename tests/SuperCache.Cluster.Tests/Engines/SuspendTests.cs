using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>A machine that was suspended, and whose monotonic clock did not count that time.</summary>
public class SuspendTests
{
    /// <summary>Nothing else has looked at the clocks yet: no tick, no frame, no write.</summary>
    [Fact]
    public async Task PrimaryRead_ShowsNoValueThatWasReplaced_WhenItIsTheFirstThingAfterASuspend()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var suspended = new SuspendedTime(clock);
        int nodes = 0;
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2,
            o =>
            {
                o.ReplicationMode = ReplicationMode.Sync;
                o.TimeProvider = nodes++ == 0 ? suspended : clock;
            },
            clock);
        (SuperCacheEngine sleeper, SuperCacheEngine other) = (cluster[0], cluster[1]);
        int key = Enumerable.Range(0, 1_000).First(k => cluster.PrimaryOf(sleeper.Partitions.IndexOf(k)) == sleeper);
        var partition = new Identity.PartitionId(sleeper.Partitions.IndexOf(key));
        await cluster.DriveAsync(sleeper.PutAsync((key, "old")).AsTask());

        cluster.Links[0].IsCut = true;
        suspended.Sleep();
        await cluster.ReachAsync(other, n => n.IsServing(partition));
        await cluster.DriveAsync(other.PutAsync((key, "new")).AsTask());

        suspended.WakeUp();
        Task<IReadOnlyList<ITuple>> read = sleeper.GetByKeyAsync(key, ReadMode.Primary).AsTask();
        suspended.RunWhatWasMissed();
        await Assert.ThrowsAnyAsync<SuperCacheException>(() => cluster.DriveAsync(read));
    }

    private sealed class SuspendedTime(FakeTimeProvider inner) : TimeProvider
    {
        private readonly List<(TimerCallback Callback, object? State)> _missed = [];
        private long? _asleepSince;
        private long _slept;

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => (_asleepSince ?? inner.GetTimestamp()) - _slept;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public void Sleep() => _asleepSince = inner.GetTimestamp();

        public void WakeUp()
        {
            _slept += inner.GetTimestamp() - _asleepSince!.Value;
            _asleepSince = null;
        }

        public void RunWhatWasMissed()
        {
            foreach ((TimerCallback callback, object? state) in _missed)
            {
                callback(state);
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(
                s =>
                {
                    if (_asleepSince is null)
                    {
                        callback(s);
                    }
                    else
                    {
                        _missed.Add((callback, s));
                    }
                },
                state,
                dueTime,
                period);
    }
}
