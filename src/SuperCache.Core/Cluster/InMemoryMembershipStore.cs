namespace SuperCache.Cluster;

/// <summary>
/// A membership store inside the process: runs <see cref="MembershipScripts"/> on a state of its own. It backs tests
/// and clusters of
/// one process, and is what other implementations are compared with.
/// </summary>
/// <param name="clock">Seeds generations.</param>
internal sealed class InMemoryMembershipStore(TimeProvider clock)
{
    /// <summary>What the store holds; a test may put back what it held before.</summary>
    public MembershipState State { get; set; } = MembershipState.Empty;

    /// <summary>Runs a request at once.</summary>
    public StoreReply Execute(StoreRequest request)
    {
        (State, StoreReply reply) = MembershipScripts.Run(State, request, clock.GetUtcNow());
        return reply;
    }
}
