using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Replication.Primary;

/// <summary>Counts what a majority of the voters has. Pure.</summary>
internal static class AckTracker
{
    /// <summary>How many of a number of voters are a majority.</summary>
    public static int Majority(int voters) => (voters / 2) + 1;

    /// <summary>How many of the active voters a takeover must hear: enough to meet every majority .</summary>
    public static int TakeoverQuorum(int voters) => (voters + 1) / 2;

    /// <summary>The highest place that a majority of the voters holds.</summary>
    /// <param name="voters">V.</param>
    /// <param name="matched">What each holds.</param>
    public static Sequence MajorityPlace(ImmutableArray<NodeId> voters, Func<NodeId, Sequence> matched)
    {
        Span<long> places = voters.Length <= 16 ? stackalloc long[voters.Length] : new long[voters.Length];
        for (int i = 0; i < voters.Length; i++)
        {
            places[i] = matched(voters[i]).Value;
        }

        places.Sort();
        return new Sequence(places[voters.Length - Majority(voters.Length)]);
    }
}
