namespace SuperCache.Benchmarks;

/// <summary>Draws indexes by Zipf's law: a few come up often, most hardly ever.</summary>
/// <remarks>The ranks are shuffled, so that the frequent ones do not lie side by side in memory. Source: Gray et al.,
/// "Quickly generating billion-record synthetic databases" (1994).</remarks>
public static class Zipf
{
    public const double Exponent = 0.99;

    /// <summary>As many indexes below <paramref name="items"/> as asked for.</summary>
    public static int[] Draw(int items, int count, int seed)
    {
        var random = new Random(seed);
        int[] ranks = [.. Enumerable.Range(0, items)];
        new Random(1).Shuffle(ranks);
        double zeta = 0;
        for (int i = 1; i <= items; i++)
        {
            zeta += 1 / Math.Pow(i, Exponent);
        }

        double alpha = 1 / (1 - Exponent);
        double zetaTwo = 1 + Math.Pow(0.5, Exponent);
        double eta = (1 - Math.Pow(2.0 / items, 1 - Exponent)) / (1 - zetaTwo / zeta);
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++)
        {
            double u = random.NextDouble();
            double uz = u * zeta;
            int rank = uz < 1 ? 0 : uz < zetaTwo ? 1 : (int)(items * Math.Pow(eta * u - eta + 1, alpha));
            drawn[i] = ranks[Math.Min(rank, items - 1)];
        }

        return drawn;
    }
}
