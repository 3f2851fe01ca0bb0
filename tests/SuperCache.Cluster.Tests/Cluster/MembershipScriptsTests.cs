using SuperCache.Identity;
using Xunit;

namespace SuperCache.Cluster.Tests.Cluster;

public class MembershipScriptsTests
{
    private static readonly NodeId A = new(1);
    private static readonly NodeId B = new(2);
    private static readonly NodeId C = new(3);
    private static readonly ClusterFingerprint Config = new(2, 2, ReplicationMode.Sync);
    private readonly InMemoryMembershipStore _store = new(TimeProvider.System);

    private PartitionMap Map => _store.State.Map!;

    [Fact]
    public void Join_MakesTheMap_WhenTheStoreIsEmpty()
    {
        StoreReply reply = Join(A);

        Assert.Equal(StoreStatus.Ok, reply.Status);
        Assert.True(reply.Bootstrapped);
        Assert.All(reply.Map!.Placements, p => Assert.Equal(A, p.Primary));
        Assert.All(reply.Map.Placements, p => Assert.True(p.IsActivated));
    }

    [Fact]
    public void Join_IsRefused_WithBothValues_WhenConfigurationDiffers()
    {
        Join(A);
        PartitionMap before = Map;

        StoreReply reply = _store.Execute(JoinOf(B) with { Config = Config with { PartitionCount = 7 } });

        Assert.Equal(StoreStatus.Refused, reply.Status);
        Assert.Contains("PartitionCount is 7 here and 2 in the cluster", reply.Message, StringComparison.Ordinal);
        Assert.Same(before, Map);
    }

    [Fact]
    public void Join_IsRefused_WithBothValues_WhenWireVersionIsNotSpoken()
    {
        Join(A);

        StoreReply reply = _store.Execute(JoinOf(B) with { Member = new ClusterMember(B, "", 2, 3, Leaving: false) });

        Assert.Equal(StoreStatus.Refused, reply.Status);
        Assert.Contains("wire versions 2 to 3; its cluster speaks 1", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Join_AsksForRestore_WhenTheStoreForgotWhatTheNodeKnows()
    {
        StoreReply reply = _store.Execute(JoinOf(A) with { Known = (9, 100), Seen = 100 });

        Assert.Equal(StoreStatus.Regressed, reply.Status);
        Assert.Null(_store.State.Map);
    }

    [Fact]
    public void Renew_CountsOn_WithoutChangingTheMap()
    {
        Join(A);
        long counter = _store.State.Counters[A];
        long version = Map.Version;

        StoreReply reply = Renew(A, version);

        Assert.Equal(StoreStatus.Ok, reply.Status);
        Assert.Null(reply.Map);
        Assert.Equal(counter + 100, _store.State.Counters[A]);
        Assert.Equal(version, Map.Version);
    }

    [Fact]
    public void Renew_IsFenced_AfterTheNodeWasDeclaredDead()
    {
        JoinBoth();
        Kill(B, by: A);

        Assert.Equal(StoreStatus.Fenced, Renew(B, Map.Version).Status);
    }

    [Fact]
    public void Renew_AsksForRestore_WhenTheNodeHasSeenMore()
    {
        Join(A);

        Assert.Equal(StoreStatus.Regressed, Renew(A, Map.Version, seen: Map.Version + 1).Status);
    }

    [Fact]
    public void Dead_DoesNothing_WhenTheCounterMoved()
    {
        JoinBoth();
        long stale = _store.State.Counters[A];
        Renew(A, Map.Version);

        StoreReply reply = _store.Execute(new DeadRequest(B, 0, A, stale));

        Assert.Equal(StoreStatus.Conflict, reply.Status);
        Assert.True(Map.View.Contains(A));
    }

    [Fact]
    public void Dead_GivesPartitionsToACopyThatCounts_InANewEpoch()
    {
        JoinBoth();
        Change(A, PlacementChange.SetVoters, [A, B]);
        Change(A, PlacementChange.Activate);
        Epoch before = Map.Placements[0].Epoch;

        Kill(A, by: B);

        PartitionPlacement placement = Map.Placements[0];
        Assert.Equal(B, placement.Primary);
        Assert.Equal([B], placement.Voters);
        Assert.Equal([A, B], placement.ActiveVoters);
        Assert.True(placement.Epoch > before);
        Assert.NotEqual(Map.Placements[0].Epoch, Map.Placements[1].Epoch);
    }

    [Fact]
    public void Cas_Conflicts_WhenTheReignIsNotTheExpectedOne()
    {
        JoinBoth();
        Epoch old = Map.Placements[0].Epoch;
        Change(A, PlacementChange.Fence);

        StoreReply reply = _store.Execute(
            new CasRequest(A, 0, new PartitionId(0), old, PlacementChange.Fence, [], NodeId.None, 1));

        Assert.Equal(StoreStatus.Conflict, reply.Status);
    }

    [Fact]
    public void Cas_LeavesActiveVotersAlone_UntilActivation()
    {
        JoinBoth();
        Change(A, PlacementChange.SetVoters, [A, B]);
        Assert.Equal([A], Map.Placements[0].ActiveVoters);
        Assert.False(Map.Placements[0].IsActivated);
        Epoch epoch = Map.Placements[0].Epoch;

        Change(A, PlacementChange.Activate);

        Assert.True(Map.Placements[0].IsActivated);
        Assert.Equal(epoch, Map.Placements[0].Epoch);
    }

    [Fact]
    public void Restore_StartsAHigherGeneration_AndPollsAll_WhenTheMapIsGone()
    {
        JoinBoth();
        PartitionMap known = Map;
        _store.State = MembershipState.Empty;

        StoreReply reply = Restore(A, known);

        Assert.Equal(StoreStatus.Ok, reply.Status);
        Assert.True(Map.Version > known.Version);
        Assert.Equal(known.Lineage, Map.Lineage);
        Assert.All(Map.Placements, p => Assert.True(p.PollAll && p.Epoch.Value == Map.Version));
        Assert.Equal(known.View.Members, Map.View.Members);
    }

    /// <summary>One epoch for two reigns would be two ops of one stamp.</summary>
    [Fact]
    public void Restore_GivesOtherEpochs_WhenTheStoreForgotARepairOfTheSameGeneration()
    {
        JoinBoth();
        PartitionMap known = Map;
        _store.State = MembershipState.Empty;
        long first = Restore(A, known, step: 3).Map!.Version;
        _store.State = MembershipState.Empty;

        long second = Restore(B, known, step: 5).Map!.Version;

        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Restore_ReturnsTheStoresMap_WhenItIsNewer()
    {
        Join(A);
        PartitionMap old = Map;
        Join(B);

        StoreReply reply = Restore(A, old);

        Assert.Same(Map, reply.Map);
        Assert.All(Map.Placements, p => Assert.False(p.PollAll));
    }

    [Fact]
    public void Restore_KeepsTheNewerReign_WhenTheStoreCameFurtherOnAnotherWay()
    {
        JoinBoth();
        MembershipState before = _store.State;
        Change(A, PlacementChange.SetVoters, [A, B]);
        PartitionMap known = Map;
        _store.State = before;
        Renew(B, Map.Version, leaving: true);
        Renew(B, Map.Version, leaving: false);
        Assert.True(Map.Version > known.Version);

        Restore(A, known);

        Assert.Equal([A, B], Map.Placements[0].Voters);
        Assert.True(Map.Placements[0].PollAll);
    }

    [Fact]
    public void Restore_OverridesAFreshMapOfAnotherLineage_ButNotAnEstablishedOne()
    {
        Join(A);
        PartitionMap old = Map;
        _store.State = MembershipState.Empty;
        _store.Execute(JoinOf(C) with { NewLineage = 99 });
        MembershipState fresh = _store.State;
        Assert.Equal(old.Lineage, Restore(A, old).Map!.Lineage);

        _store.State = fresh;
        for (int i = 0; i < 5; i++)
        {
            Renew(C, Map.Version);
        }

        Assert.Equal(99UL, Restore(A, old).Map!.Lineage);
    }

    /// <summary>The configuration and the placements of a store must be of one cluster: nodes of the other would be let
    /// in, those of the own be refused.</summary>
    [Fact]
    public void Restore_WritesItsOwnConfiguration_OverAMapOfAnotherLineage()
    {
        Join(A);
        PartitionMap old = Map;
        _store.State = MembershipState.Empty;
        JoinRequest other = JoinOf(C) with { NewLineage = 99, Config = Config with { PartitionCount = 7 } };
        _store.Execute(other);

        Assert.Equal(2, Restore(A, old).Map!.Placements.Length);
        Assert.Equal(Config, _store.State.Config);
        Assert.Equal(StoreStatus.Refused, _store.Execute(other).Status);
        Assert.Equal(StoreStatus.Ok, Join(B).Status);
    }

    [Fact]
    public void Restore_IsRefused_WithBothValues_WhenAnEstablishedMapIsConfiguredOtherwise()
    {
        Join(A);
        PartitionMap old = Map;
        _store.State = MembershipState.Empty;
        _store.Execute(JoinOf(C) with { NewLineage = 99, Config = Config with { PartitionCount = 7 } });
        for (int i = 0; i < 5; i++)
        {
            Renew(C, Map.Version);
        }

        StoreReply reply = Restore(A, old);

        Assert.Equal(StoreStatus.Refused, reply.Status);
        Assert.Contains("PartitionCount is 2 here and 7 in the cluster", reply.Message, StringComparison.Ordinal);
        Assert.Null(reply.Map);
        Assert.Equal(99UL, Map.Lineage);
    }

    [Fact]
    public void Join_AsksForRestore_WhenAnotherLineageIsConfiguredOtherwise()
    {
        Join(A);
        PartitionMap old = Map;
        _store.State = MembershipState.Empty;
        _store.Execute(JoinOf(C) with { NewLineage = 99, Config = Config with { PartitionCount = 7 } });

        StoreReply reply = _store.Execute(JoinOf(A) with { Known = (old.Lineage, old.Version) });

        Assert.Equal(StoreStatus.Regressed, reply.Status);
    }

    /// <summary>Seed 5435 in sync mode: the owner's counter begins at another random number when it joins again, so a
    /// cluster that had long been established yielded to an older one.</summary>
    [Theory]
    [InlineData(-1_000)]
    [InlineData(1_000)]
    public void Restore_DoesNotOverrideAnEstablishedMap_WhenItsOwnerJoinsAgain(int beatsLater)
    {
        Join(A);
        PartitionMap old = Map;
        _store.State = MembershipState.Empty;
        JoinRequest owner = JoinOf(C) with { NewLineage = 99 };
        _store.Execute(owner);
        Join(B);
        Renew(C, Map.Version);
        _store.Execute(owner with { Beat = owner.Beat + beatsLater });
        Assert.True(_store.State.IsFresh);

        for (int i = 0; i < 3; i++)
        {
            Renew(C, Map.Version);
        }

        Assert.Equal(99UL, Restore(A, old).Map!.Lineage);
        Kill(C, by: B);
        _store.Execute(owner with { Beat = owner.Beat + beatsLater });
        Assert.Equal(99UL, Restore(A, old).Map!.Lineage);
    }

    [Fact]
    public void Restore_OverridesAMapOfAnotherLineage_ThatNobodyLivesIn()
    {
        Join(A);
        PartitionMap old = Map;
        _store.State = MembershipState.Empty;
        _store.Execute(JoinOf(C) with { NewLineage = 99 });
        Assert.Equal(StoreStatus.Ok, _store.Execute(new LeaveRequest(C, Map.Version)).Status);

        Assert.Equal(old.Lineage, Restore(A, old).Map!.Lineage);
    }

    /// <summary>Seed 5397 in strong mode: a store went back, the renewal that followed gave the counter the value that
    /// an observer had seen before, and a node with a lease was declared dead (I6).</summary>
    [Fact]
    public void Renew_ShowsAnotherCounter_WhenTheStoreWentBackAndTheRenewalIsMadeAgain()
    {
        JoinBoth();
        MembershipState before = _store.State;
        _store.Execute(new RenewRequest(A, 0, Map.Version, Map.Lineage, Leaving: false) { Step = 100 });
        long seen = _store.State.Counters[A];

        _store.State = before;
        _store.Execute(new RenewRequest(A, 0, Map.Version, Map.Lineage, Leaving: false) { Step = 7 });

        Assert.NotEqual(seen, _store.State.Counters[A]);
        Assert.NotEqual(before.Counters[A], _store.State.Counters[A]);
    }

    [Fact]
    public void Leave_IsRefused_WhilePlacementsCountOnTheNode()
    {
        JoinBoth();

        Assert.Equal(StoreStatus.Conflict, _store.Execute(new LeaveRequest(A, 0)).Status);
        Assert.Equal(StoreStatus.Ok, _store.Execute(new LeaveRequest(B, 0)).Status);
        Assert.False(Map.View.Contains(B));
    }

    [Fact]
    public void Leave_IsRefusedToTheLastNode_WhenTheMapHasChangedSinceItAsked()
    {
        Join(A);
        var asked = new LeaveRequest(A, Map.Version);
        _store.Execute(new CasRequest(
            A, Map.Version, new PartitionId(0), Map.Placements[0].Epoch, PlacementChange.Fence, [], NodeId.None, 1));

        Assert.Equal(StoreStatus.Conflict, _store.Execute(asked).Status);
        Assert.Equal(StoreStatus.Ok, _store.Execute(asked with { Seen = Map.Version }).Status);
        Assert.Empty(Map.View.Members);
    }

    private static JoinRequest JoinOf(NodeId id) =>
        new(id, 0, new ClusterMember(
            id, "", 1, 1, Leaving: false), Config, null, (long)id.Value * 1000, 7)
        { Step = 3 };

    private StoreReply Join(NodeId id) => _store.Execute(JoinOf(id));

    private void JoinBoth()
    {
        Join(A);
        Join(B);
    }

    private StoreReply Renew(NodeId id, long version, long seen = 0, bool leaving = false) =>
        _store.Execute(new RenewRequest(id, seen, version, Map.Lineage, leaving) { Step = 100 });

    private StoreReply Restore(NodeId id, PartitionMap map, int step = 1) =>
        _store.Execute(
            new RestoreRequest(id, map.Version, map, new ClusterMember(id, "", 1, 1, Leaving: false), Config, 1)
            {
                Step = step,
            });

    private void Kill(NodeId suspect, NodeId by) => Assert.Equal(
        StoreStatus.Ok, _store.Execute(new DeadRequest(by, 0, suspect, _store.State.Counters[suspect])).Status);

    private void Change(NodeId by, PlacementChange change, params NodeId[] voters) => Assert.Equal(
        StoreStatus.Ok,
        _store.Execute(new CasRequest(
            by, 0, new PartitionId(0), Map.Placements[0].Epoch, change, [.. voters], NodeId.None, 1)).Status);
}
