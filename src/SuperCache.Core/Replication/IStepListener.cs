namespace SuperCache.Replication;

/// <summary>Has something to do in some of the driver's steps, with the node at hand.</summary>
internal interface IStepListener
{
    /// <summary>Ops of this node's callers have been carried out.</summary>
    void OnFlush();

    /// <summary>Time has passed.</summary>
    void OnTick();
}
