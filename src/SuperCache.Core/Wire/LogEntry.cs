using SuperCache.Identity;

namespace SuperCache.Wire;

/// <summary>What an op does to one key. On the wire: explicit, append only.</summary>
internal enum EffectKind : byte
{
    /// <summary>Stores a value under a key.</summary>
    Put = 1,

    /// <summary>Removes a key.</summary>
    Delete = 2,

    /// <summary>Removes every key of a table.</summary>
    Clear = 3,

    /// <summary>Removes some of the values of a key; the value says which.</summary>
    DeleteSome = 4,

    /// <summary>Moves the end of an entry; the value says which one of the key's.</summary>
    Extend = 5,

    /// <summary>Stores the values of many keys, all of which the value holds.</summary>
    PutMany = 6,
}

/// <summary>One decided change of one key: evaluated by the primary, applied alike by every copy (rule R-17).</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Table">The table.</param>
/// <param name="Key">The key's bytes; empty for a clear, and where the value holds it. Not to be changed.</param>
/// <param name="Value">The value's bytes. Not to be changed.</param>
/// <param name="Deadline">When the entry ends, in milliseconds of <em>this</em> node's clock; <see cref="NoDeadline"/>
/// when it does not. On
/// the wire it is the remaining life, so clocks are never compared.</param>
/// <param name="Limit">When the entry ends however often it is read, told as the deadline is.</param>
internal readonly record struct Effect(
    EffectKind Kind,
    int Table,
    byte[] Key,
    byte[] Value,
    long Deadline = Effect.NoDeadline,
    long Limit = Effect.NoDeadline)
{
    /// <summary>The entry does not end.</summary>
    public const long NoDeadline = long.MaxValue;

    /// <summary>About how many bytes it takes.</summary>
    public int Size => 24 + Key.Length + Value.Length;
}

/// <summary>One op of a partition's log. Immutable.</summary>
/// <param name="Stamp">Its place.</param>
/// <param name="Effects">What it does; empty for the op that opens a reign.</param>
/// <param name="Origin">The node whose caller asked for it; none when the primary did.</param>
/// <param name="RequestId">The origin's number for it; 0 when the primary asked.</param>
/// <param name="Result">What the caller is answered, again if it asks again. Not to be changed.</param>
internal sealed record LogEntry(Stamp Stamp, Effect[] Effects, NodeId Origin, long RequestId, byte[] Result)
{
    /// <summary>About how many bytes it takes.</summary>
    public int Size { get; } = 40 + Result.Length + SizeOf(Effects);

    private static int SizeOf(Effect[] effects)
    {
        int size = 0;
        foreach (ref readonly Effect effect in effects.AsSpan())
        {
            size += effect.Size;
        }

        return size;
    }
}

/// <summary>A request that was executed: who asked, what it became, what it was answered.</summary>
/// <param name="Origin">The asking node.</param>
/// <param name="RequestId">Its number there.</param>
/// <param name="Stamp">The op it became.</param>
/// <param name="Result">The answer. Not to be changed.</param>
internal readonly record struct RecentRequest(NodeId Origin, long RequestId, Stamp Stamp, byte[] Result);
