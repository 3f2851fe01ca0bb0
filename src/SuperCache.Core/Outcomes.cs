using SuperCache.Cluster;
using SuperCache.Replication;
using SuperCache.Replication.Forwarder;

namespace SuperCache;

/// <summary>What the end of a request means to its caller.</summary>
internal static class Outcomes
{
    private const string Unchanged = "Nothing was changed.";
    private const string InOnePart = "Other records of the call, here or in other partitions, may have been changed.";

    /// <summary>The answer, or the exception that says why there is none.</summary>
    public static byte[] ResultOf(in RequestOutcome outcome, int partition, bool isWrite) => outcome.Status switch
    {
        RequestStatus.Ok => outcome.Result,
        RequestStatus.Busy => throw new PartitionUnavailableException(
            $"Partition {partition} is busy: too many writes wait for their replicas. Nothing was changed."),
        RequestStatus.Indeterminate when isWrite => throw new QuorumNotReachedException(
            $"Too few copies of partition {partition} confirmed the write in time. It may have been made, or may yet "
            + "be; read before it is repeated, unless repeating it does no harm."),
        RequestStatus.TooLarge => throw new UnsupportedValueException(
            "The operation, or the answer to it, is larger than what one message may carry, about "
            + $"{ClusterLimits.LargestOp >> 20} MB. Nothing was changed. Store smaller values, or fewer "
            + "records in one call."),
        _ => throw new PartitionUnavailableException(
            $"No node could serve partition {partition} in time. Nothing was changed."),
    };

    /// <summary>Whether an error is the answer to one request, so that what others were answered still
    /// counts.</summary>
    public static bool IsAnswer(Exception error) =>
        error is SuperCacheException or ComparisonFailedException or OperationCanceledException;

    /// <summary>What an error of one partition means to a caller whose call is about several, once something was done
    /// in others: that nothing was changed is true of that partition only.</summary>
    public static Exception InPart(Exception error)
    {
        string message = error.Message.Contains(Unchanged, StringComparison.Ordinal)
            ? error.Message.Replace(Unchanged, InOnePart, StringComparison.Ordinal)
            : $"{error.Message} {InOnePart}";
        return error switch
        {
            PartitionUnavailableException => new PartitionUnavailableException(message, error),
            BackplaneUnavailableException => new BackplaneUnavailableException(message, error),
            UnsupportedValueException => new UnsupportedValueException(message, error),
            CacheNotStartedException => new CacheNotStartedException(message, error),
            ComparisonFailedException => new ComparisonFailedException(message, error),
            _ => error,
        };
    }

    /// <exception cref="BackplaneUnavailableException">No other node can be reached.</exception>
    public static void ThrowIfCutOff(ClusterDriver driver)
    {
        if (driver.Refusal is { } refusal)
        {
            throw new BackplaneUnavailableException(
                $"The cluster refuses this node until it is started again. {refusal} Nothing was changed.");
        }

        if (!driver.IsConnected)
        {
            throw new BackplaneUnavailableException(
                "This node no longer hears itself over the backplane, so it can ask no other node. "
                + "Nothing was changed.");
        }
    }
}
