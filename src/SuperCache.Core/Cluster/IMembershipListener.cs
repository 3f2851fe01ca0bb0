namespace SuperCache.Cluster;

/// <summary>Hears what <see cref="Membership"/> learns. Called on the node's one logical thread.</summary>
internal interface IMembershipListener
{
    /// <summary>A newer map of the same lineage, or the first, has been adopted.</summary>
    void OnMapChanged(PartitionMap? old, PartitionMap map);

    /// <summary>The store holds another cluster now: all data is void. The new map follows in
    /// <see cref="OnMapChanged"/>.</summary>
    void OnLineageLost();

    /// <summary>The store holds a cluster now in which this node may not live: all data is void, and no map
    /// follows.</summary>
    /// <param name="reason">For people.</param>
    void OnRefused(string reason);

    /// <summary>This node has been declared dead: it leads nothing until it has joined again.</summary>
    void OnFenced();

    /// <summary>A change of a placement has been answered, or has not been for too long.</summary>
    void OnPlacementChangeAnswered(CasRequest request, StoreStatus status);

    /// <summary>This node has changed the map; the others should look.</summary>
    void OnAnnounce(long version);

    /// <summary>The first join of an empty store made the map: this node's empty copies are complete.</summary>
    void OnBootstrapped();
}
