using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SuperCache.Diagnostics;

/// <summary>Counts the hits and misses of one cache exactly, without sharing a cache line between threads.</summary>
/// <remarks>
/// A count costs as much as a good part of a read, so it must not ask who the thread is: that is a call. The stack
/// tells: a memory page is part of one thread's stack at a time. Each page from which counting is done has a
/// cell of its own, in a small table that is not larger for more threads; pages that find no place in it share two
/// counters that are changed atomically.
/// <list type="number">
/// <item>T1: a cell's counts are written by code that runs on its page, hence by one thread at a time.</item>
/// <item>T2: a place in the table, once taken, stays with its page; so no count is ever moved.</item>
/// </list>
/// </remarks>
internal sealed class ReadTally
{
    private const int PageBits = 12;
    private const int CellBits = 9;
    private const int Tries = 4;

    /// <summary>In every place that no page has taken: no stack lies on page 0.</summary>
    private static readonly Cell Untaken = new(0);

    /// <summary>By page; see T2.</summary>
    private readonly Cell[] _cells = new Cell[(1 << CellBits) + Tries];
    private long _otherHits;
    private long _otherMisses;

    public ReadTally() => Array.Fill(_cells, Untaken);

    /// <summary>For <see cref="TryHit(Cell[])"/> and <see cref="TryMiss"/>.</summary>
    public Cell[] Cells => _cells;

    /// <summary>Counts a hit if the page has a cell, at its first place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHit(Cell[] cells)
    {
        nuint page = Page();
        Cell cell = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(cells), Place(page));
        if (cell.Page != page)
        {
            return false;
        }

        cell.Hits++;
        return true;
    }

    /// <summary>Counts a miss if the page has a cell, at its first place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMiss(Cell[] cells)
    {
        nuint page = Page();
        Cell cell = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(cells), Place(page));
        if (cell.Page != page)
        {
            return false;
        }

        cell.Misses++;
        return true;
    }

    /// <summary>The same, by cells that lie where the caller is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryHit(ref KnownCells known)
    {
        nuint page = Page();
        Cell cell = Unsafe.Add(ref Unsafe.As<KnownCells, Cell>(ref known), Place(page));
        if (cell.Page != page)
        {
            return false;
        }

        cell.Hits++;
        return true;
    }

    /// <summary>Counts a hit, and keeps the cell for the next.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Hit(ref KnownCells known)
    {
        nuint page = Page();
        Count(page, isHit: true);
        known[(int)Place(page)] = _cells[Place(page)];
    }

    /// <summary>Counts a hit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Hit() => Count(Page(), isHit: true);

    /// <summary>Counts a miss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Miss() => Count(Page(), isHit: false);

    /// <summary>Makes a counted hit a miss, as what was found turned out to have ended. For what happens rarely: it is
    /// atomic, so that any thread may.</summary>
    public void HitWasMiss()
    {
        Interlocked.Decrement(ref _otherHits);
        Interlocked.Increment(ref _otherMisses);
    }

    /// <summary>Adds up what all threads have counted.</summary>
    public (long Hits, long Misses) Total()
    {
        (long hits, long misses) = (Interlocked.Read(ref _otherHits), Interlocked.Read(ref _otherMisses));
        foreach (Cell cell in _cells)
        {
            hits += Volatile.Read(ref cell.Hits);
            misses += Volatile.Read(ref cell.Misses);
        }

        return (hits, misses);
    }

    /// <summary>The page of the stack on which the caller runs.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Page()
    {
        Unsafe.SkipInit(out byte here);
        return (nuint)Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref here) >> PageBits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Place(nuint page) => (nint)(((uint)page * 0x9E3779B9u) >> (32 - CellBits));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Count(nuint page, bool isHit)
    {
        for (int i = 0; i < Tries; i++)
        {
            ref Cell place = ref _cells[Place(page) + i];
            Cell cell = Volatile.Read(ref place);
            if (cell == Untaken)
            {
                var taken = new Cell(page);
                cell = Interlocked.CompareExchange(ref place, taken, Untaken);
                cell = cell == Untaken ? taken : cell;
            }

            if (cell.Page == page)
            {
                cell.Hits += isHit ? 1 : 0;
                cell.Misses += isHit ? 0 : 1;
                return;
            }
        }

        Interlocked.Increment(ref isHit ? ref _otherHits : ref _otherMisses);
    }

    /// <summary>The cells of a tally, each at its first place, as far as somebody knows them: two steps nearer to
    /// him.</summary>
    [InlineArray(1 << CellBits)]
    internal struct KnownCells
    {
        private Cell _first;

        public static KnownCells None()
        {
            KnownCells none = default;
            ((Span<Cell>)none).Fill(Untaken);
            return none;
        }
    }

    /// <summary>The counts of one page. Wide enough that no two lie in one cache line.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal sealed class Cell(nuint page)
    {
        public readonly nuint Page = page;
        public long Hits;
        public long Misses;
    }
}
