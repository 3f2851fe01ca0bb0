using SuperCache.Cluster;
using SuperCache.Replication;
using SuperCache.Replication.Forwarder;

namespace SuperCache;

/// <summary>What the end of a request means to its caller.</summary>
internal static class Outcomes
{
    /// <summary>The answer, or the exception that says why there is none.</summary>
    public static byte[] ResultOf(in RequestOutcome outcome, int partition, bool isWrite) => outcome.Status switch
    {
        RequestStatus.Ok => outcome.Result,
        RequestStatus.Busy => throw new PartitionUnavailableException(ErrorText.Unchanged(
            $"Partition {partition} is busy: too many writes wait for their replicas.")),
        RequestStatus.Indeterminate when isWrite => throw new QuorumNotReachedException(
            $"Too few copies of partition {partition} confirmed the write in time. It may have been made, or may yet "
            + "be; read before it is repeated, unless repeating it does no harm."),
        RequestStatus.TooLarge => throw new UnsupportedValueException(ErrorText.Unchanged(
            "The operation, or the answer to it, is larger than what one message may carry, about "
            + $"{ClusterLimits.LargestOp >> 20} MB.",
            "Store smaller values, or fewer records in one call.")),
        _ => throw new PartitionUnavailableException(ErrorText.Unchanged(
            $"No node could serve partition {partition} in time.")),
    };

    /// <summary>Whether an error is the answer to one request, so that what others were answered still
    /// counts.</summary>
    public static bool IsAnswer(Exception error) =>
        error is SuperCacheException or ComparisonFailedException or OperationCanceledException;

    /// <summary>Such an answer as part of a call that has changed something elsewhere.</summary>
    public static Exception InPart(Exception error) => error switch
    {
        SuperCacheException own => own.InPart(),
        ComparisonFailedException failed => failed.InPart(),
        _ => error,
    };

    /// <exception cref="BackplaneUnavailableException">No other node can be reached.</exception>
    public static void ThrowIfCutOff(ClusterDriver driver)
    {
        if (driver.Refusal is { } refusal)
        {
            throw new BackplaneUnavailableException(ErrorText.Unchanged(
                $"The cluster refuses this node until it is started again. {refusal}"));
        }

        if (!driver.IsConnected)
        {
            throw new BackplaneUnavailableException(ErrorText.Unchanged(
                "This node no longer hears itself over the backplane, so it can ask no other node."));
        }
    }
}
