using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SuperCache.Cluster;
using SuperCache.Diagnostics;
using SuperCache.Replication;

namespace SuperCache.Redis;

/// <summary>The membership store in one Redis hash, changed by scripts alone.</summary>
/// <remarks>Whatever goes wrong with a call leaves its outcome open: a command that timed out may have run, or may run
/// yet. Nothing is ever sent again from here.</remarks>
/// <param name="database">Where the scripts run.</param>
/// <param name="keys">Where they find their hash.</param>
/// <param name="inbox">Hears the replies.</param>
/// <param name="timeout">How long a reply is waited for.</param>
/// <param name="logger">Hears when calls begin to fail, and when they succeed again.</param>
internal sealed class RedisMembershipStore(
    IDatabaseAsync database, RedisKeys keys, IClusterInbox inbox, TimeSpan timeout, ILogger logger) : IMembershipStore
{
    private readonly RedisKey[] _keys = [keys.Map];
    private int _isFailing;

    /// <summary>Whether the latest call was answered.</summary>
    public bool IsAnswering => Volatile.Read(ref _isFailing) == 0;

    /// <inheritdoc/>
    public void Begin(long callId, StoreRequest request) => _ = RunAsync(callId, request);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the outcome of the call is open.")]
    private async Task RunAsync(long callId, StoreRequest request)
    {
        StoreReply reply;
        try
        {
            Task<RedisResult> script = database.ScriptEvaluateAsync(
                MembershipScript.For(request), _keys, MembershipCall.Arguments(request));
            reply = MembershipCall.Read(request, await script.WaitWithinAsync(timeout).ConfigureAwait(false));
            if (Interlocked.Exchange(ref _isFailing, 0) == 1)
            {
                logger.MembershipStoreAnswersAgain();
            }
        }
        catch (Exception error)
        {
            reply = new StoreReply(StoreStatus.Indeterminate);
            if (Interlocked.Exchange(ref _isFailing, 1) == 0)
            {
                logger.MembershipStoreFailed(error, request.GetType().Name);
            }
        }

        try
        {
            inbox.OnStoreReply(callId, reply);
        }
        catch (Exception error)
        {
            // Nobody waits for this task, so nobody else would hear of it.
            logger.StoreReplyFailed(error, request.GetType().Name);
        }
    }
}
