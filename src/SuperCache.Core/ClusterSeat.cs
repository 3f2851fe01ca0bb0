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

    public ClusterSeat(
        SuperCacheOptions options,
        string name,
        ClusterBinding binding,
        IPartitionStateFactory states,
        TimeProvider clock,
        ILogger logger)
    {
        _name = name;
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
        Driver = new ClusterDriver(Options, binding.Link, states, clock, logger);
    }

    public ClusterOptions Options { get; }

    public ClusterDriver Driver { get; }

    /// <summary>Whether calls are answered: from the end of the join to the beginning of the leave.</summary>
    public bool IsTaken { get; private set; }

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

        IsTaken = true;
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

        IsTaken = false;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        IsTaken = false;
        return Driver.DisposeAsync();
    }
}
