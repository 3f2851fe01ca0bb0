using System.Threading.Tasks.Sources;

namespace SuperCache.Replication.Forwarder;

/// <summary>A caller's wait for the end of its request; used again for the next one.</summary>
/// <remarks>Two sides let go of it, in any order: the node when the request has ended, the caller when it has taken
/// the outcome. A request always ends, so both do. The caller goes on on a thread of the pool, never under the
/// node's lock.</remarks>
/// <param name="free">Where it goes when both have let go.</param>
internal sealed class RequestSource(Action<RequestSource> free)
    : IValueTaskSource<RequestOutcome>, IRequestCompletion
{
    private ManualResetValueTaskSourceCore<RequestOutcome> _core = new() { RunContinuationsAsynchronously = true };

    /// <summary>The wait.</summary>
    public ValueTask<RequestOutcome> Task => new(this, _core.Version);

    void IRequestCompletion.OnCompleted(long requestId, in RequestOutcome outcome) => _core.SetResult(outcome);

    RequestOutcome IValueTaskSource<RequestOutcome>.GetResult(short token)
    {
        RequestOutcome outcome = _core.GetResult(token);
        _core.Reset();
        free(this);
        return outcome;
    }

    ValueTaskSourceStatus IValueTaskSource<RequestOutcome>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<RequestOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
