using SuperCache.Identity;

namespace SuperCache.Replication;

/// <summary>Makes the tables under copies of partitions.</summary>
internal sealed class EnginePartitionStates : IPartitionStateFactory
{
    public IPartitionState Create(PartitionId partition) => throw new NotSupportedException();
}
