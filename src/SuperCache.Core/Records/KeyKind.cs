using System.Runtime.CompilerServices;

namespace SuperCache.Records;

/// <summary>Key types whose search is written out for them. Two values of one of these are equal exactly when their
/// bits are.</summary>
internal enum KeyKind : byte
{
    /// <summary>Any other type.</summary>
    Other,
    String,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Guid,
}

/// <summary>Tells the <see cref="KeyKind"/> of a type.</summary>
internal static class KeyKinds
{
    /// <summary>A constant where the type is a value type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KeyKind Of<TKey>()
    {
        if (typeof(TKey) == typeof(int))
        {
            return KeyKind.Int32;
        }

        if (typeof(TKey) == typeof(uint))
        {
            return KeyKind.UInt32;
        }

        if (typeof(TKey) == typeof(long))
        {
            return KeyKind.Int64;
        }

        if (typeof(TKey) == typeof(ulong))
        {
            return KeyKind.UInt64;
        }

        return typeof(TKey) == typeof(Guid) ? KeyKind.Guid : KeyKind.Other;
    }

    public static KeyKind Of(Type type) => type switch
    {
        _ when type == typeof(string) => KeyKind.String,
        _ when type == typeof(int) => Of<int>(),
        _ when type == typeof(uint) => Of<uint>(),
        _ when type == typeof(long) => Of<long>(),
        _ when type == typeof(ulong) => Of<ulong>(),
        _ when type == typeof(Guid) => Of<Guid>(),
        _ => KeyKind.Other,
    };
}
