using SuperCache.Identity;

namespace SuperCache.Replication.Primary;

/// <summary>What a primary knows of one follower, voter or learner.</summary>
internal sealed class FollowerProgress
{
    private readonly Queue<(Sequence Last, long Bytes)> _sent = new();

    /// <summary>The follower.</summary>
    public required NodeId Node { get; init; }

    /// <summary>The next place to send.</summary>
    public Sequence Next { get; set; }

    /// <summary>The last place it acknowledged, whether or not its copy is complete.</summary>
    public Sequence Acked { get; set; }

    /// <summary>The last place up to which its complete copy is known to be equal; what quorums count.</summary>
    public Sequence Matched { get; private set; }

    /// <summary>The highest round it echoed in this reign.</summary>
    public int Round { get; private set; }

    /// <summary>When an append was last sent.</summary>
    public long LastSent { get; set; } = long.MinValue / 2;

    /// <summary>When it last acknowledged anything.</summary>
    public long LastAcked { get; set; } = long.MinValue / 2;

    /// <summary>How long to wait before sending again.</summary>
    public int ResendDelay { get; set; }

    /// <summary>What is on its way to all nodes.</summary>
    public required SendWindows Windows { get; init; }

    /// <summary>Whether nothing that was sent waits for an acknowledgement.</summary>
    public bool IsIdle => _sent.Count == 0;

    /// <summary>Bytes its node is ready to receive.</summary>
    public int Credit { get; set; } = int.MaxValue;

    /// <summary>Whether it waits for news of the commit point.</summary>
    public bool OwesCommit { get; set; }

    /// <summary>Starts counting anew for a reign that continues the last.</summary>
    public void BeginReign() => (Matched, Round) = (default, 0);

    /// <summary>Takes in an acknowledgement.</summary>
    public void OnAck(Sequence matched, int round, bool isComplete, int firstDelay)
    {
        if (matched > Acked)
        {
            Acked = matched;
            ResendDelay = firstDelay;
        }

        Next = Sequence.Max(Next, Acked.Next);
        while (_sent.TryPeek(out (Sequence Last, long Bytes) sent) && sent.Last <= Acked)
        {
            _sent.Dequeue();
            Windows.Add(Node, -sent.Bytes);
        }

        if (isComplete)
        {
            Matched = Sequence.Max(Matched, matched);
            Round = Math.Max(Round, round);
        }
    }

    /// <summary>Goes back to where the follower says it is.</summary>
    public void Rewind(Sequence last)
    {
        Acked = last;
        Next = last.Next;
        Release();
    }

    /// <summary>A batch was sent.</summary>
    public void OnSent(Sequence last, long bytes)
    {
        Next = last.Next;
        _sent.Enqueue((last, bytes));
        Windows.Add(Node, bytes);
    }

    /// <summary>Nothing is on its way any more, or nobody waits for it.</summary>
    public void Release()
    {
        while (_sent.TryDequeue(out (Sequence, long Bytes) sent))
        {
            Windows.Add(Node, -sent.Bytes);
        }
    }
}
