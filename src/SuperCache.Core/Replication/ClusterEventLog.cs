using Microsoft.Extensions.Logging;
using SuperCache.Diagnostics;
using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>Tells the log what a node reports.</summary>
internal sealed class ClusterEventLog(ILogger logger) : IClusterEvents
{
    public void OnUnsafeRecovery(PartitionId partition, Epoch epoch, Stamp adopted) =>
        Log.UnsafeRecovery(logger, partition.Value, epoch.Value, adopted.Sequence.Value);

    public void OnReignStarted(PartitionId partition, Epoch epoch, Stamp adopted) =>
        Log.ReignStarted(logger, partition.Value, epoch.Value, adopted.Sequence.Value);

    public void OnLineageLost() => Log.LineageLost(logger);

    public void OnRefused(string reason) => Log.ClusterRefused(logger, reason);

    public void OnFrameDropped(FrameVerdict verdict)
    {
        if (verdict == FrameVerdict.Malformed)
        {
            Log.MalformedFrame(logger);
        }
    }
}
