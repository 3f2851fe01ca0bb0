using SuperCache.Identity;

namespace SuperCache.Replication;

/// <summary>
/// Drops frames that were repeated or overtaken: from each source, frames to one node and frames to all carry growing
/// numbers. A request
/// can therefore not be executed by a late repetition after its answer was "not executed".
/// </summary>
internal sealed class FrameFilter
{
    private readonly Dictionary<(NodeId Source, bool ToAll), long> _last = [];

    /// <summary>Whether a frame is new; remembers it.</summary>
    public bool IsNew(NodeId source, bool toAll, long number)
    {
        if (_last.TryGetValue((source, toAll), out long last) && number <= last)
        {
            return false;
        }

        _last[(source, toAll)] = number;
        return true;
    }

    /// <summary>Drops what is kept for nodes that are gone, once there are many of them.</summary>
    public void Forget(Func<NodeId, bool> isLive)
    {
        if (_last.Count <= 256)
        {
            return;
        }

        foreach ((NodeId, bool) gone in _last.Keys.Where(k => !isLive(k.Source)).ToList())
        {
            _last.Remove(gone);
        }
    }
}
