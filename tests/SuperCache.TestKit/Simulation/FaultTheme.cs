namespace SuperCache.TestKit.Simulation;

/// <summary>What a hostile run does more often than chance would: faults hurt most in company.</summary>
internal enum FaultTheme
{
    Anything,

    /// <summary>Primaries pause for a little longer than a lease, and wake up while others take over.</summary>
    SleepyPrimaries,

    /// <summary>Partitions are handed over while the store leaves outcomes open and the network is split.</summary>
    Handovers,

    /// <summary>Nodes are away from the store and from each other, and when they return the store has gone
    /// back.</summary>
    ForgetfulStore,

    /// <summary>A primary is cut off with writes under way, and reaches its replicas again just when another takes
    /// over.</summary>
    Usurpers,

    /// <summary>A primary sleeps until another has taken over; the store forgets that, and it wakes up.</summary>
    Ghosts,

    /// <summary>A primary is cut off with writes under way; its heir falls asleep while it is taking over, of which the
    /// others hear nothing but what it asks them, and meanwhile the primary reaches them again.</summary>
    SleepyHeirs,
}
