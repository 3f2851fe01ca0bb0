namespace SuperCache;

/// <summary>A put of many records to one partition.</summary>
/// <param name="Partition">Where.</param>
/// <param name="Bytes">The operation.</param>
/// <param name="Records">How many it carries.</param>
internal readonly record struct PutOperation(int Partition, byte[] Bytes, int Records);
