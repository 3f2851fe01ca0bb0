namespace SuperCache.Storage;

/// <summary>Estimates how often a hash was seen lately: a count-min sketch of four-bit counters that are halved from
/// time to time.</summary>
/// <remarks>Writer only. Grows with the number of entries; growing keeps the estimates. Source: Einziger, Friedman
/// and Manes,
/// "TinyLFU: a highly efficient cache admission policy" (2017).</remarks>
internal sealed class FrequencySketch
{
    private const int Rows = 4;
    private const int MaxCount = 15;
    private const ulong HalfMask = 0x7777777777777777;
    private const int MinWords = 8;
    private const int MaxWords = 1 << 24;

    /// <summary>Sixteen counters a word; a power of two of words.</summary>
    private ulong[] _words = new ulong[MinWords];
    private long _added;

    /// <summary>Makes room for so many entries: one word an entry.</summary>
    public void EnsureCapacity(int entries)
    {
        while (_words.Length < entries && _words.Length < MaxWords)
        {
            _words = [.. _words, .. _words];
        }
    }

    public int Estimate(ulong hash)
    {
        int least = MaxCount;
        for (int row = 0; row < Rows; row++)
        {
            (int word, int shift) = Place(hash, row);
            least = Math.Min(least, (int)(_words[word] >> shift) & MaxCount);
        }

        return least;
    }

    public void Add(ulong hash, int times)
    {
        for (int i = 0; i < times; i++)
        {
            bool changed = false;
            for (int row = 0; row < Rows; row++)
            {
                (int word, int shift) = Place(hash, row);
                if (((_words[word] >> shift) & MaxCount) != MaxCount)
                {
                    _words[word] += 1UL << shift;
                    changed = true;
                }
            }

            if (changed && ++_added >= 10L * _words.Length)
            {
                Age();
            }
        }
    }

    private void Age()
    {
        for (int i = 0; i < _words.Length; i++)
        {
            _words[i] = (_words[i] >> 1) & HalfMask;
        }

        _added /= 2;
    }

    /// <summary>A word by its own bits of the hash, in it one of the row's four counters.</summary>
    private (int Word, int Shift) Place(ulong hash, int row)
    {
        ulong mixed = (hash + ((ulong)row * 0x9E3779B97F4A7C15)) * 0xBF58476D1CE4E5B9;
        mixed ^= mixed >> 32;
        int word = (int)mixed & (_words.Length - 1);
        return (word, ((row << 2) + (int)((mixed >> 30) & 3)) << 2);
    }
}
