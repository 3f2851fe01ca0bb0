namespace SuperCache.Storage;

/// <summary>A range of numbers most of which are keys, as far as can be told from some of the keys.</summary>
/// <remarks>A hash spreads keys evenly, so those of one segment are a fair sample of all. The least and the greatest
/// key will hardly be among them; therefore the range has margins.</remarks>
/// <param name="Least">The least key of the sample that is in the range.</param>
/// <param name="Greatest">The greatest.</param>
/// <param name="Margin">How far the range goes on, at both ends.</param>
/// <param name="Keys">How many keys there are in it, about.</param>
internal readonly record struct NumberRange(long Least, long Greatest, long Margin, double Keys)
{
    /// <summary>In keys a number.</summary>
    public const double LeastDensity = 0.5;

    /// <summary>In mean distances between two keys of the sample: less would do all but once in 3,000 times.</summary>
    private const double Gaps = 8;

    /// <summary>How many outlying groups of keys are left out at the most.</summary>
    private const int Cuts = 16;

    public long First => Least - Margin;

    /// <summary>How many numbers are in it. A double because they may be more than any integer says.</summary>
    public double Length => Distance(Least, Greatest) + 1 + (2.0 * Margin);

    private bool IsDense => Keys >= Length * LeastDensity;

    /// <summary>Whether a key of the sample is one of those for whose sake the range was chosen.</summary>
    public bool Spans(long key) => key >= Least && key <= Greatest;

    /// <summary>Finds the range around most keys of a sample that is dense; null if there is none.</summary>
    /// <param name="sample">Ascending.</param>
    /// <param name="each">How many keys one of the sample stands for.</param>
    public static NumberRange? FindDense(ReadOnlySpan<long> sample, double each)
    {
        ReadOnlySpan<long> part = sample;
        for (int cut = 0; cut <= Cuts && part.Length > sample.Length / 2; cut++)
        {
            double margin = Gaps * Distance(part[0], part[^1]) / part.Length;
            var range = new NumberRange(part[0], part[^1], (long)margin, part.Length * each);
            if (range.IsDense)
            {
                return range;
            }

            int gap = WidestGap(part);
            part = gap > part.Length / 2 ? part[..gap] : part[gap..];
        }

        return null;
    }

    /// <summary>The place behind the widest gap.</summary>
    private static int WidestGap(ReadOnlySpan<long> part)
    {
        int widest = 1;
        for (int i = 2; i < part.Length; i++)
        {
            widest = Distance(part[i - 1], part[i]) > Distance(part[widest - 1], part[widest]) ? i : widest;
        }

        return widest;
    }

    private static ulong Distance(long from, long to) => (ulong)to - (ulong)from;
}
