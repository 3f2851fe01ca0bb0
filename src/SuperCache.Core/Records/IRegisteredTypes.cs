using System.Buffers;

namespace SuperCache.Records;

/// <summary>What hashing asks about the types that an application registered for the wire.</summary>
internal interface IRegisteredTypes
{
    /// <summary>Writes the registered name of the value's type and the value, the same at every node.</summary>
    /// <returns>False when the type is not a registered one; nothing was written.</returns>
    bool TryWrite(object value, IBufferWriter<byte> output);
}
