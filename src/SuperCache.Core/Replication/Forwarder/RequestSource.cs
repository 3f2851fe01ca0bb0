using System.Threading.Tasks.Sources;

namespace SuperCache.Replication.Forwarder;

/// <summary>A caller's wait for the end of its request; used again for the next one.</summary>
/// <remarks>
/// The node reports the end in the middle of a step; the caller hears of it when the step is over and everything that
/// follows from it, such as a gate that shuts, has been done. It goes on on a thread of the pool, never under the
/// driver's gate.
/// </remarks>
/// <param name="ended">Where it puts itself when its request has ended. Under the driver's gate.</param>
/// <param name="free">Where it goes when the caller has taken the outcome.</param>
internal sealed class RequestSource(List<RequestSource> ended, Action<RequestSource> free)
    : IValueTaskSource<RequestOutcome>, IRequestCompletion
{
    private ManualResetValueTaskSourceCore<RequestOutcome> _core = new() { RunContinuationsAsynchronously = true };
    private RequestOutcome _outcome;

    /// <summary>The wait.</summary>
    public ValueTask<RequestOutcome> Task => new(this, _core.Version);

    /// <summary>Lets the caller hear of the end.</summary>
    public void Tell() => _core.SetResult(_outcome);

    void IRequestCompletion.OnCompleted(long requestId, in RequestOutcome outcome)
    {
        _outcome = outcome;
        ended.Add(this);
    }

    RequestOutcome IValueTaskSource<RequestOutcome>.GetResult(short token)
    {
        RequestOutcome outcome = _core.GetResult(token);
        _outcome = default;
        _core.Reset();
        free(this);
        return outcome;
    }

    ValueTaskSourceStatus IValueTaskSource<RequestOutcome>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<RequestOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
