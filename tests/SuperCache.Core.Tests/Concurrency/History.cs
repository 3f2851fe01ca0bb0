namespace SuperCache.Core.Tests.Concurrency;

/// <summary>What one thread did to one key, and when it began and ended.</summary>
/// <param name="Begin">Taken from a shared counter before the call.</param>
/// <param name="End">Taken after it.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Value">The value that was put or found; null for nothing.</param>
internal readonly record struct Act(long Begin, long End, ActKind Kind, int? Value);

internal enum ActKind
{
    /// <summary>Puts <see cref="Act.Value"/>.</summary>
    Put,

    /// <summary>Found <see cref="Act.Value"/>.</summary>
    Get,

    /// <summary>Deleted something, if <see cref="Act.Value"/> is not null.</summary>
    Delete,
}

/// <summary>Decides whether the acts on one key can be put into an order that respects time and explains every
/// result.</summary>
/// <remarks>Depth-first, with the states that led nowhere remembered. Source: Wing and Gong, "Testing and verifying
/// concurrent
/// objects" (1993); Lowe, "Testing for linearizability" (2017).</remarks>
internal static class Linearizability
{
    public static bool IsLinearizable(Act[] acts)
    {
        Act[] ordered = [.. acts.OrderBy(act => act.Begin)];
        return Search(ordered, new bool[ordered.Length], ordered.Length, null, []);
    }

    private static bool Search(Act[] acts, bool[] isDone, int left, int? value, HashSet<string> failed)
    {
        if (left == 0)
        {
            return true;
        }

        string state = $"{value}:{string.Concat(isDone.Select(done => done ? '1' : '0'))}";
        if (failed.Contains(state))
        {
            return false;
        }

        long firstEnd = long.MaxValue;
        for (int i = 0; i < acts.Length; i++)
        {
            firstEnd = isDone[i] ? firstEnd : Math.Min(firstEnd, acts[i].End);
        }

        for (int i = 0; i < acts.Length && acts[i].Begin < firstEnd; i++)
        {
            if (isDone[i] || !Explains(acts[i], value))
            {
                continue;
            }

            isDone[i] = true;
            if (Search(acts, isDone, left - 1, After(acts[i], value), failed))
            {
                return true;
            }

            isDone[i] = false;
        }

        failed.Add(state);
        return false;
    }

    private static bool Explains(Act act, int? value) => act.Kind switch
    {
        ActKind.Get => act.Value == value,
        ActKind.Delete => act.Value is not null == value is not null,
        _ => true,
    };

    private static int? After(Act act, int? value) => act.Kind switch
    {
        ActKind.Put => act.Value,
        ActKind.Delete => null,
        _ => value,
    };
}
