using System.Runtime.CompilerServices;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>A key of a bag and its records.</summary>
internal struct BagSlot(object key, Bucket bucket, ulong hash)
{
    public object Key = key;
    public Bucket Bucket = bucket;
    public ulong Hash = hash;

    /// <summary>Reads <see cref="Key"/>.</summary>
    public static RecordElement<BagSlot> KeyElement { get; } = new RecordElement<BagSlot, object>(KeyOffset());

    private static nint KeyOffset()
    {
        BagSlot probe = default;
        return Unsafe.ByteOffset(ref Unsafe.As<BagSlot, byte>(ref probe), ref Unsafe.As<object, byte>(ref probe.Key));
    }
}
