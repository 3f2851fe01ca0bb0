using System.Buffers.Binary;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache.Replication.Operations;

/// <summary>What an entry's bookkeeping is made of, as it travels with a put.</summary>
/// <param name="Sliding">Ticks that a read adds, or 0.</param>
/// <param name="Size">What it weighs.</param>
/// <param name="Priority">How long it is kept when room is needed.</param>
/// <param name="Life">Ticks until it ends however often it is read, a whole number of milliseconds where it was read
/// from a node; <see cref="long.MaxValue"/> for none.</param>
internal readonly record struct EntryTermsBytes(long Sliding, long Size, CacheEntryPriority Priority, long Life)
{
    private const int HasSliding = 1;
    private const int HasSize = 2;
    private const int HasPriority = 4;
    private const int HasLife = 8;

    /// <summary>An entry without options.</summary>
    public static EntryTermsBytes None { get; } = new(0, 1, CacheEntryPriority.Normal, long.MaxValue);

    /// <summary>Whether the entry is like one without options.</summary>
    public bool IsPlain => this == None;

    /// <summary>The terms of a node that is about to be stored, or is.</summary>
    public static EntryTermsBytes Of(EntryNode? node, TimeProvider clock)
    {
        if (node is null)
        {
            return None;
        }

        long life = node.Limit == long.MaxValue
            ? long.MaxValue : Whole(Math.Max(0, node.Limit - clock.GetUtcNow().UtcTicks));
        return new EntryTermsBytes(node.Sliding, node.Size, node.Priority, life);
    }

    public void Write(WireBuffer output)
    {
        int marks = (Sliding != 0 ? HasSliding : 0)
            | (Size != 1 ? HasSize : 0)
            | (Priority != CacheEntryPriority.Normal ? HasPriority : 0)
            | (Life != long.MaxValue ? HasLife : 0);
        output.WriteByte((byte)marks);
        WriteIf(output, marks & HasSliding, Sliding);
        WriteIf(output, marks & HasSize, Size);
        if ((marks & HasPriority) != 0)
        {
            output.WriteByte((byte)Priority);
        }

        WriteIf(output, marks & HasLife, Life);
    }

    public static EntryTermsBytes Read(ref MessageReader reader)
    {
        int marks = reader.U8();
        if (marks == 0)
        {
            return None;
        }

        long sliding = (marks & HasSliding) != 0 ? reader.I64() : 0;
        long size = (marks & HasSize) != 0 ? reader.I64() : 1;
        var priority = (marks & HasPriority) != 0 ? (CacheEntryPriority)reader.U8() : CacheEntryPriority.Normal;
        long life = (marks & HasLife) != 0 ? reader.I64() : long.MaxValue;
        if (sliding < 0 || size < 0 || life < 0 || !Enum.IsDefined(priority))
        {
            reader.Fail();
        }

        return new EntryTermsBytes(sliding, size, priority, life);
    }

    /// <summary>Up to the next millisecond, by which copies count, so that entries that were given one life some
    /// microseconds ago still have equal terms.</summary>
    private static long Whole(long ticks)
    {
        long begun = ticks % TimeSpan.TicksPerMillisecond;
        long missing = begun == 0 ? 0 : TimeSpan.TicksPerMillisecond - begun;
        return ticks <= long.MaxValue - missing ? ticks + missing : ticks;
    }

    private static void WriteIf(WireBuffer output, int mark, long value)
    {
        if (mark != 0)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            output.Write(bytes);
        }
    }
}
