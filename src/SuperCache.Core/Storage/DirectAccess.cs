using System.Runtime.CompilerServices;
using SuperCache.Diagnostics;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>Where a read of a number looks first: the direct table of a cache's records, if there is one.</summary>
/// <remarks>It is one step from the cache, and holds what it needs: on such a read, each step weighs.</remarks>
/// <param name="tally">Counts the reads.</param>
internal sealed class DirectAccess(ReadTally tally)
{
    /// <summary>Of no table's type.</summary>
    private static readonly object None = new();

    private ReadTally.KnownCells _cells = ReadTally.KnownCells.None();

    /// <summary>The table of a cache whose keys are of type <see cref="int"/>.</summary>
    private object _byInt32 = None;

    /// <summary>The same for <see cref="long"/>; apart, so that a read need not ask of which type the keys
    /// are.</summary>
    private object _byInt64 = None;

    /// <summary>Whether a kind of key is a number by which a table can be read.</summary>
    public static bool IsNumber(KeyKind kind) => kind is KeyKind.Int32 or KeyKind.Int64;

    /// <summary>Whether there is any table.</summary>
    public bool HasTable => Volatile.Read(ref _byInt32) != None || Volatile.Read(ref _byInt64) != None;

    /// <summary>The table that is read now; null when there is none.</summary>
    public DirectSlot<TContent>[]? Table<TContent>(KeyKind kind)
    {
        object table = Volatile.Read(ref Place(kind));
        return IsOf<TContent>(table) ? Unsafe.As<DirectSlot<TContent>[]>(table) : null;
    }

    /// <summary>Lets readers and writers use another table from now on, or none.</summary>
    public void Use(KeyKind kind, object? table) => Volatile.Write(ref Place(kind), table ?? None);

    /// <summary>Copies out the record of a key, and counts the read, if a table shows it.</summary>
    /// <returns>False if it must be found by its hash. Nothing was counted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet<TKey, TRecord>(TKey key, out TRecord record)
    {
        Unsafe.SkipInit(out record);
        if (!typeof(TRecord).IsValueType || (typeof(TKey) != typeof(int) && typeof(TKey) != typeof(long)))
        {
            return false;
        }

        object table = Volatile.Read(ref typeof(TKey) == typeof(int) ? ref _byInt32 : ref _byInt64);
        if (!IsOf<TRecord>(table)
            || !DirectTable<TRecord>.TryGet(Unsafe.As<DirectSlot<TRecord>[]>(table), key, out record))
        {
            return false;
        }

        if (!ReadTally.TryHit(ref _cells))
        {
            tally.Hit(ref _cells);
        }

        return true;
    }

    /// <summary>Asks for the exact type: that needs no call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOf<TContent>(object table) => table.GetType() == typeof(DirectSlot<TContent>[]);

    private ref object Place(KeyKind kind) => ref kind == KeyKind.Int64 ? ref _byInt64 : ref _byInt32;
}
