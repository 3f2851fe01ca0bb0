using SuperCache.Wire;

namespace SuperCache.Replication.Forwarder;

/// <summary>A caller's request that has not ended.</summary>
internal sealed class PendingRequest
{
    /// <summary>This node's number for it; grows.</summary>
    public required long Id { get; init; }

    /// <summary>What was asked.</summary>
    public required ClientRequest Request { get; init; }

    /// <summary>When the caller asked.</summary>
    public required long Begun { get; init; }

    /// <summary>When the caller gives up.</summary>
    public required long Deadline { get; init; }

    /// <summary>Who hears the end.</summary>
    public required IRequestCompletion Completion { get; init; }

    /// <summary>The latest attempt.</summary>
    public int Attempt { get; set; }

    /// <summary>When to try again.</summary>
    public long NextAttemptAt { get; set; }

    /// <summary>Attempts that may have been executed: neither answered nor refused.</summary>
    public HashSet<int> Open { get; } = [];

    /// <summary>Why the latest refused attempt was refused.</summary>
    public ResponseStatus LastRefusal { get; set; }
}
