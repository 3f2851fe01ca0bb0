using Microsoft.Extensions.Logging;
using SuperCache.Cluster;
using SuperCache.Diagnostics;
using SuperCache.Replication;

namespace SuperCache;

/// <summary>An engine's place in its cluster: how it takes it and how it gives it up.</summary>
internal sealed class ClusterSeat : IAsyncDisposable
{
    private readonly string _name;
    private readonly ClusterBinding _binding;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private bool _isTaken;

    public ClusterSeat(
        SuperCacheOptions options,
        string name,
        ClusterBinding binding,
        EnginePartitionStates states,
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
        Gates = new ReadGates(Options.Fingerprint.PartitionCount, clock);
        Driver = new ClusterDriver(Options, binding.Link, states, Gates, clock, logger);
    }

    public ClusterOptions Options { get; }

    public ClusterDriver Driver { get; }

    public EnginePartitionStates States { get; }

    /// <summary>Where readers go in.</summary>
    public ReadGates Gates { get; }

    /// <summary>Whether calls are answered: from the end of the join to the end of the leave.</summary>
    public bool IsTaken => Volatile.Read(ref _isTaken);

    /// <exception cref="CacheNotStartedException">The seat is not taken.</exception>
    public void ThrowIfAway()
    {
        if (!IsTaken)
        {
            throw new CacheNotStartedException(
                $"Cache {_name} has not joined cluster {_binding.ClusterName}, or has left it. In an application the "
                + "host joins when it starts; without one, await the start. Nothing was changed.");
        }
    }

    /// <summary>Takes the seat.</summary>
    /// <exception cref="BackplaneUnavailableException">The cluster could not be reached in time.</exception>
    /// <exception cref="ClusterConfigurationException">The cluster is configured differently.</exception>
    public async ValueTask JoinAsync(CancellationToken cancellationToken)
    {
        await Driver.OpenAsync(cancellationToken).ConfigureAwait(false);
        Task decided = Driver.WhenAsync(static node =>
            node.Membership is { Phase: MembershipPhase.Refused } or { Phase: MembershipPhase.Active, Map: not null });
        try
        {
            await decided.WaitAsync(_binding.JoinPatience, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new BackplaneUnavailableException(
                $"Cache {_name} could not join cluster {_binding.ClusterName} within {_binding.JoinPatience}: "
                + "the membership store did not answer.",
                error);
        }

        if (Driver.Look(static node => node.Membership.Refusal) is { } refusal)
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
        Task free = Driver.WhenAsync(static node => !node.Membership.IsCountedOn || node.Membership.IsLastToStay);
        try
        {
            await free.WaitAsync(_binding.LeavePatience, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            Log.ClusterLeftInHaste(_logger, _name, _binding.ClusterName);
        }
    }

    /// <summary>Hands the node's partitions over and gives the seat up. Does not fail: what is not handed over in time
    /// is taken over by the others.</summary>
    public async ValueTask LeaveAsync(CancellationToken cancellationToken)
    {
        if (!IsTaken)
        {
            return;
        }

        Driver.Enter(static node => node.Leave());
        Task gone = Driver.WhenAsync(static node =>
            node.Membership.Phase == MembershipPhase.Gone || node.Membership.IsLastToStay);
        try
        {
            await gone.WaitAsync(_binding.LeavePatience, _clock, cancellationToken).ConfigureAwait(false);
            Log.ClusterLeft(_logger, _name, _binding.ClusterName);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            Log.ClusterLeftInHaste(_logger, _name, _binding.ClusterName);
        }

        GiveUp();
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

    private void GiveUp()
    {
        Volatile.Write(ref _isTaken, false);
        Gates.Close();
    }
}
