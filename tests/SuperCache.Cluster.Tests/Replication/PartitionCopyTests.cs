using SuperCache.Identity;
using SuperCache.Replication;
using SuperCache.TestKit.Simulation;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Cluster.Tests.Replication;

public class PartitionCopyTests
{
    [Fact]
    public void Accept_AppliesInOrder_AndSkipsWhatItHas()
    {
        PartitionCopy copy = Copy(ReplicationMode.Sync);

        Assert.Equal(AppendResult.Matched, copy.Accept(Stamp.Zero, [Op(1, 1), Op(1, 2)], out _));
        Assert.Equal(
            AppendResult.Matched, copy.Accept(Stamp.Zero, [Op(1, 1), Op(1, 2), Op(1, 3)], out Sequence matched));

        Assert.Equal((3, 3), (matched.Value, copy.Applied.Sequence.Value));
    }

    [Fact]
    public void Accept_ReportsAGap_WhenSequenceSkips()
    {
        PartitionCopy copy = Copy(ReplicationMode.Sync);

        Assert.Equal(AppendResult.Gap, copy.Accept(At(1, 4), [Op(1, 5)], out _));
        Assert.Equal(Stamp.Zero, copy.Last);
    }

    [Fact]
    public void Accept_ReportsDivergence_WhenAnotherReignWroteThePlace()
    {
        PartitionCopy copy = Copy(ReplicationMode.Sync);
        copy.Accept(Stamp.Zero, [Op(1, 1), Op(1, 2)], out _);

        Assert.Equal(AppendResult.Diverged, copy.Accept(At(1, 1), [Op(2, 2)], out Sequence matched));
        Assert.Equal((1, At(1, 2)), (matched.Value, copy.Last));
    }

    [Fact]
    public void Append_IsAppliedOnlyWhenCommitted_InStrongMode()
    {
        PartitionCopy copy = Copy(ReplicationMode.Strong);
        copy.Accept(Stamp.Zero, [Op(1, 1), Op(1, 2)], out _);
        Assert.Equal(Stamp.Zero, copy.Applied);

        copy.AdvanceCommit(new Sequence(1));

        Assert.Equal((At(1, 1), 1L), (copy.Applied, copy.State.Count));
    }

    [Fact]
    public void Trim_KeepsEverythingAboveTheCommitPoint()
    {
        PartitionCopy copy = Copy(ReplicationMode.Sync);
        copy.Accept(Stamp.Zero, [.. Enumerable.Range(1, 50).Select(i => Op(1, i))], out _);
        copy.AdvanceCommit(new Sequence(20));

        copy.Trim(new Sequence(long.MaxValue), mostBytes: 1 << 20);

        Assert.True(copy.Log.Holds(new Sequence(21)));
        Assert.False(copy.Log.Holds(new Sequence(1)));
    }

    [Fact]
    public void Trim_KeepsFewOps_WhereTheyAreLarge()
    {
        PartitionCopy copy = Copy(ReplicationMode.Sync, new ClusterLimits { RetainedBytes = 1_000 });
        copy.Accept(Stamp.Zero, [.. Enumerable.Range(1, 50).Select(i => Op(1, i))], out _);
        copy.AdvanceCommit(new Sequence(50));

        copy.Trim(new Sequence(long.MaxValue), mostBytes: 1 << 20);

        Assert.InRange(copy.Log.Bytes, 800, 1_000);
        Assert.InRange(copy.Log.Count, 2, 49);
    }

    [Fact]
    public void Trim_KeepsWhatASnapshotNeeds()
    {
        PartitionCopy copy = Copy(ReplicationMode.Sync);
        copy.Accept(Stamp.Zero, [.. Enumerable.Range(1, 50).Select(i => Op(1, i))], out _);
        copy.AdvanceCommit(new Sequence(50));

        copy.Trim(pinned: new Sequence(10), mostBytes: 1 << 20);

        Assert.True(copy.Log.Holds(new Sequence(11)));
    }

    [Fact]
    public void RecentRequests_RefuseWhatTheyMayHaveForgotten()
    {
        var recent = new RecentRequests(2, 1_000, 8);
        for (int i = 1; i <= 3; i++)
        {
            recent.Add(new LogEntry(At(1, i), [], new NodeId(9), i, []));
        }

        Assert.True(recent.MayBeForgotten(new NodeId(9), 1));
        Assert.False(recent.MayBeForgotten(new NodeId(9), 2));
        Assert.True(recent.TryFind(new NodeId(9), 3, out _));

        var copy = new RecentRequests(2, 1_000, 8);
        copy.Import(recent.Export(new Sequence(3)), new Sequence(3));
        Assert.True(copy.MayBeForgotten(new NodeId(9), 1) && copy.TryFind(new NodeId(9), 2, out _));
    }

    [Fact]
    public void RecentRequests_ForgetTheLongestSilentOfTheDead_WhenTheyAreTooMany()
    {
        var recent = new RecentRequests(1, 1_000, 2);
        for (int i = 1; i <= 5; i++)
        {
            recent.Add(new LogEntry(At(1, i), [], new NodeId((ulong)i), 1, []));
        }

        recent.ForgetOrigins(n => n == new NodeId(1));

        Assert.Equal(2, recent.Floors);
        Assert.True(recent.MayBeForgotten(new NodeId(1), 1));
        Assert.False(recent.MayBeForgotten(new NodeId(2), 1));
        Assert.True(recent.MayBeForgotten(new NodeId(4), 1));
    }

    [Fact]
    public void LearnCommit_CarriesOver_WhatBothCopiesHold_AndNothingOfAnotherHistory()
    {
        PartitionCopy old = Copy(ReplicationMode.Strong);
        old.Accept(Stamp.Zero, [.. Enumerable.Range(1, 9).Select(i => Op(1, i))], out _);
        old.AdvanceCommit(new Sequence(7));

        PartitionCopy same = Copy(ReplicationMode.Strong);
        same.Accept(Stamp.Zero, [.. Enumerable.Range(1, 8).Select(i => Op(1, i))], out _);
        same.LearnCommit(old);
        PartitionCopy shorter = Copy(ReplicationMode.Strong);
        shorter.Accept(Stamp.Zero, [.. Enumerable.Range(1, 3).Select(i => Op(1, i))], out _);
        shorter.LearnCommit(old);
        PartitionCopy other = Copy(ReplicationMode.Strong);
        other.Accept(Stamp.Zero, [.. Enumerable.Range(1, 5).Select(i => Op(2, i))], out _);
        other.LearnCommit(old);

        Assert.Equal((7, 3, 0), (same.Commit.Value, shorter.Commit.Value, other.Commit.Value));
    }

    private static PartitionCopy Copy(ReplicationMode mode, ClusterLimits? limits = null) => new(
        new ClusterOptions
        {
            Fingerprint = new ClusterFingerprint(1, 2, mode),
            Limits = limits ?? new ClusterLimits { RetainedOps = 5 },
        },
        new SimulatedState(),
        Stamp.Zero);

    private static Stamp At(long epoch, long sequence) => new(new Epoch(epoch), new Sequence(sequence));

    private static LogEntry Op(long epoch, long sequence) => new(
        At(epoch, sequence),
        [new Effect(EffectKind.Put, 0, BitConverter.GetBytes((int)sequence), [1])],
        NodeId.None,
        0,
        []);
}
