using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SuperCache.Cluster;
using SuperCache.Diagnostics;
using SuperCache.Partitions;
using SuperCache.Replication;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>An engine's place in its cluster: how it takes it and how it gives it up.</summary>
internal sealed class ClusterSeat : IAsyncDisposable
{
    private readonly string _name;
    private readonly ClusterBinding _binding;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private bool _isTaken;
    private bool _isGivenUp;
    private long _lastQuery;
    private long _puts;
    private long _deletes;

    public ClusterSeat(
        SuperCacheOptions options,
        string name,
        ClusterBinding binding,
        EnginePartitionStates states,
        Action<TableId, int, RecordIndex?> setLane,
        TimeProvider clock,
        ILogger logger)
    {
        _name = name;
        States = states;
        _binding = binding;
        _clock = clock;
        _logger = logger;
        Options = new ClusterOptions
        {
            Fingerprint = new ClusterFingerprint(
                options.PartitionCount ?? SuperCacheOptions.DistributedPartitionCount,
                options.ReplicationFactor,
                options.ReplicationMode,
                options.KeyPosition,
                options.PartitionPosition,
                options.TableKind),
            ClusterName = binding.ClusterName,
            Label = binding.Label,
            Timings = binding.Timings,
            Limits = binding.Limits,
        };
        Gates = new ReadGates(
            Options.Fingerprint.PartitionCount, clock, options.DefaultReadMode == ReadMode.Local ? setLane : null);
        Driver = new ClusterDriver(Options, binding.Link, states, Gates, clock, logger);
        Gates.BelongTo(Driver.Id);
    }

    public ClusterOptions Options { get; }

    public ClusterDriver Driver { get; }

    public EnginePartitionStates States { get; }

    /// <summary>Where readers go in.</summary>
    public ReadGates Gates { get; }

    /// <summary>Records that callers of this node have put.</summary>
    public long Puts => Volatile.Read(ref _puts);

    /// <summary>Records that callers of this node have deleted.</summary>
    public long Deletes => Volatile.Read(ref _deletes);

    public void CountPuts(int records) => Interlocked.Add(ref _puts, records);

    public void CountDeletes(long records) => Interlocked.Add(ref _deletes, records);

    /// <summary>Whether calls are answered: from the end of the join to the end of the leave.</summary>
    public bool IsTaken => Volatile.Read(ref _isTaken);

    /// <summary>Whether the seat will not be taken any more: the node has left, or was stopped.</summary>
    public bool IsGivenUp => Volatile.Read(ref _isGivenUp);

    /// <exception cref="CacheNotStartedException">The seat is not taken.</exception>
    public void ThrowIfAway()
    {
        if (!IsTaken)
        {
            throw new CacheNotStartedException(ErrorText.Unchanged(
                $"Cache {_name} has not joined cluster {_binding.ClusterName}, or has left it. In an application the "
                + "host joins when it starts; without one, await the start."));
        }
    }

    /// <summary>Takes the seat.</summary>
    /// <exception cref="BackplaneUnavailableException">The cluster could not be reached in time.</exception>
    /// <exception cref="ClusterConfigurationException">The cluster is configured differently.</exception>
    public async ValueTask JoinAsync(CancellationToken cancellationToken)
    {
        await Driver.OpenAsync(cancellationToken).ConfigureAwait(false);
        bool isDecided = await Driver.ReachAsync(
            static node => node.Membership
                is { Phase: MembershipPhase.Refused } or { Phase: MembershipPhase.Active, Map: not null },
            _binding.JoinPatience,
            cancellationToken).ConfigureAwait(false);
        if (!isDecided)
        {
            throw new BackplaneUnavailableException(
                $"Cache {_name} could not join cluster {_binding.ClusterName} within {_binding.JoinPatience}: "
                + "the membership store did not answer.");
        }

        if (Driver.Refusal is { } refusal)
        {
            throw new ClusterConfigurationException(refusal);
        }

        Volatile.Write(ref _isTaken, true);
        Log.ClusterJoined(_logger, _name, _binding.ClusterName, Driver.Id.ToString());
    }

    /// <summary>How the link is.</summary>
    public LinkStatus Link => _binding.Link.Status;

    /// <summary>Hands the node's partitions over and stays: callers are still answered, by the others. Does not
    /// fail.</summary>
    public async ValueTask HandOverAsync(CancellationToken cancellationToken)
    {
        if (!IsTaken)
        {
            return;
        }

        Driver.Enter(static node => node.HandOver());
        bool isFree = false;
        try
        {
            isFree = await Driver.ReachAsync(
                static node => !node.Membership.IsCountedOn || node.Membership.IsLastToStay,
                _binding.LeavePatience,
                cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host's patience is at its end, too.
        }

        if (!isFree)
        {
            Log.ClusterLeftInHaste(_logger, _name, _binding.ClusterName);
        }
    }

    /// <summary>Hands the node's partitions over and gives the seat up. Does not fail: what is not handed over in time
    /// is taken over by the others.</summary>
    /// <param name="records">Its lazy puts are stored first; from then on they are stored at once.</param>
    /// <param name="cancellationToken">Leaves in haste.</param>
    public async ValueTask LeaveAsync(CacheTable records, CancellationToken cancellationToken)
    {
        if (!IsTaken)
        {
            return;
        }

        await StoreLazyPutsAsync(records, cancellationToken).ConfigureAwait(false);

        Driver.Enter(static node => node.Leave());
        bool isGone = false;
        try
        {
            isGone = await Driver.ReachAsync(
                static node => node.Membership.Phase is MembershipPhase.Gone or MembershipPhase.Refused
                    || node.Membership.IsLastToStay,
                _binding.LeavePatience,
                cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host's patience is at its end, too.
        }

        if (isGone)
        {
            Log.ClusterLeft(_logger, _name, _binding.ClusterName);
        }
        else
        {
            Log.ClusterLeftInHaste(_logger, _name, _binding.ClusterName);
        }

        GiveUp();
    }

    /// <summary>Asks every node how it stands; those that do not answer within a second are unreachable.</summary>
    public async ValueTask<ClusterStatistics> GetStatisticsAsync(CancellationToken cancellationToken)
    {
        ThrowIfAway();
        long queryId = Interlocked.Increment(ref _lastQuery);
        Driver.Enter(node => node.AskStatus(queryId));
        await Driver.ReachAsync(
            node => node.Membership.Map is not { } map || map.View.Members.All(m =>
                m.Id == node.Id || node.Status.AnswerOf(m.Id, queryId) is not null),
            TimeSpan.FromSeconds(1),
            cancellationToken).ConfigureAwait(false);
        return Driver.Look(node => Summarise(node, queryId));
    }

    private ClusterStatistics Summarise(ClusterNode node, long queryId)
    {
        List<NodeStatistics> nodes = [];
        List<string> unreachable = [];
        long total = 0;
        DateTimeOffset now = _clock.GetUtcNow();
        long milliseconds = States.NodeClock.Now;
        foreach (ClusterMember member in node.Membership.Map?.View.Members ?? [])
        {
            bool isOwn = member.Id == node.Id;
            string label = member.Label.Length == 0 ? member.Id.ToString() : member.Label;
            if ((isOwn ? node.Status.Own(queryId) : node.Status.AnswerOf(member.Id, queryId)) is not { } answer)
            {
                unreachable.Add(label);
                continue;
            }

            total += answer.PrimaryRecords;
            nodes.Add(new NodeStatistics
            {
                Node = label,
                PrimaryPartitions = answer.Primaries,
                ReplicaPartitions = answer.Replicas,
                RecordCount = answer.Records,
                Lag = answer.Lag,
                LastContact = isOwn
                    ? now : now.AddMilliseconds((node.Status.HeardAt(member.Id) ?? milliseconds) - milliseconds),
            });
        }

        return new ClusterStatistics
        {
            Nodes = [.. nodes.OrderBy(n => n.Node, StringComparer.Ordinal)],
            UnreachableNodes = [.. unreachable.Order(StringComparer.Ordinal)],
            PartitionCount = Options.Fingerprint.PartitionCount,
            ReplicationFactor = Options.Fingerprint.ReplicationFactor,
            ReplicationMode = Options.Fingerprint.ReplicationMode,
            TotalRecords = total,
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Stop();
        return Driver.DisposeAsync();
    }

    /// <summary>Ends everything at once.</summary>
    public void Stop()
    {
        GiveUp();
        Driver.Stop();
    }

    [SuppressMessage("Design", "CA1031", Justification = "The node leaves whatever is lost, and says so.")]
    private async ValueTask StoreLazyPutsAsync(CacheTable records, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new CancellationTokenSource(_binding.LeavePatience, _clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            await records.CloseBuffersAsync(both.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Log.LazyPutsLost(_logger, _name, error.GetType().Name);
        }
    }

    private void GiveUp()
    {
        Volatile.Write(ref _isGivenUp, true);
        Volatile.Write(ref _isTaken, false);
        Driver.Enter(_ => Gates.Close());
    }
}
