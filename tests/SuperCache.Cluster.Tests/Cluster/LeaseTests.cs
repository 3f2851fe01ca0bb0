using System.Collections.Immutable;
using SuperCache.Identity;
using Xunit;

namespace SuperCache.Cluster.Tests.Cluster;

public class LeaseTests
{
    [Fact]
    public void Grant_CountsFromBeforeTheRenewalWasSent()
    {
        var lease = new Lease(1_000);
        lease.Grant(sentAt: 100, now: 600);

        Assert.True(lease.IsValid(1_049));
        Assert.False(lease.IsValid(1_050));
    }

    [Fact]
    public void Grant_CountsALapse_WhenTheLeaseHadEnded()
    {
        var lease = new Lease(1_000);
        lease.Grant(0, 0);
        lease.Grant(500, 500);
        Assert.Equal(1, lease.Lapses);

        lease.Grant(1_600, 1_600);
        Assert.Equal(2, lease.Lapses);
    }

    [Fact]
    public void Watch_VoidsTheLease_WhenTheMachineWasSuspended()
    {
        var lease = new Lease(10_000);
        lease.Watch(monotonic: 0, wall: 1_000_000);
        lease.Grant(0, 0);
        lease.Watch(monotonic: 100, wall: 1_000_100);
        lease.Watch(monotonic: 200, wall: 1_000_600);
        Assert.True(lease.IsValid(200));

        lease.Watch(monotonic: 300, wall: 1_002_000);
        Assert.False(lease.IsValid(300));
    }

    [Fact]
    public void Suspects_NeedLongerThanTheOwnersLease()
    {
        var observer = new PeerObserver(new ClusterTimings { Lease = 1_000, PollGap = 500 }, keepAfterGap: false);
        var counters = ImmutableSortedDictionary<NodeId, long>.Empty.Add(new NodeId(2), 7);
        for (int now = 0; now <= 1_000; now += 200)
        {
            observer.Observe(counters, now, now + 10);
            Assert.Empty(observer.Suspects(new NodeId(1), now));
        }

        observer.Observe(counters, 1_200, 1_210);
        Assert.Equal([(new NodeId(2), 7L)], observer.Suspects(new NodeId(1), 1_200));
    }

    [Fact]
    public void Suspects_StartAgain_AfterAGapBetweenPolls()
    {
        var observer = new PeerObserver(new ClusterTimings { Lease = 1_000, PollGap = 500 }, keepAfterGap: false);
        var counters = ImmutableSortedDictionary<NodeId, long>.Empty.Add(new NodeId(2), 7);
        observer.Observe(counters, 0, 0);
        observer.Observe(counters, 5_000, 5_000);

        Assert.Empty(observer.Suspects(new NodeId(1), 5_000));
    }

    [Fact]
    public void MapVersion_NeverFalls_WhenTheStoresClockDoes()
    {
        long first = MapVersion.NextGeneration(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero), 0);
        long second = MapVersion.NextGeneration(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), first + 12_345);

        Assert.True(second > first + 12_345);
        Assert.True(second < 1L << 53);
    }
}
