using SuperCache.Identity;

namespace SuperCache.TestKit.Simulation;

/// <summary>
/// Carries frames with latency, jitter and losses. It keeps the order between each two nodes, except for repetitions,
/// and orders nothing
/// between different senders.
/// </summary>
internal sealed class SimulatedNetwork(EventQueue events, Random random)
{
    private readonly Dictionary<(int From, int To), long> _lastArrival = [];

    public double DropRate { get; set; }

    public double RepeatRate { get; set; }

    public int LatencyFactor { get; set; } = 1;

    /// <summary>How slow the network is all the time: a slow one opens windows that a fast one closes in a
    /// moment.</summary>
    public int Slowness { get; set; } = 1;

    /// <summary>Slots whose frames go nowhere.</summary>
    public HashSet<int> Mute { get; } = [];

    /// <summary>Slots that receive nothing.</summary>
    public HashSet<int> Deaf { get; } = [];

    /// <summary>Slots on the other side of a split; empty when there is none.</summary>
    public HashSet<int> FarSide { get; } = [];

    public void Carry(SimulatedNode from, SimulatedNode to, ReadOnlySpan<byte> frame)
    {
        if (IsLost(from.Slot, to.Slot))
        {
            return;
        }

        byte[] bytes = frame.ToArray();
        NodeId target = to.Id;
        long arrival = events.Now + ((40 + random.Next(400)) * LatencyFactor * Slowness);
        if (random.NextDouble() < 0.02)
        {
            arrival += random.Next(20_000);
        }

        ref long last = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
            _lastArrival, (from.Slot, to.Slot), out _);
        last = Math.Max(last + 1, arrival);
        events.At(last, () => Deliver(from.Slot, to, target, bytes));
        if (random.NextDouble() < RepeatRate)
        {
            events.At(last + random.Next(200_000), () => Deliver(from.Slot, to, target, bytes));
        }
    }

    private bool IsLost(int from, int to) =>
        random.NextDouble() < DropRate || Mute.Contains(from) || IsCut(from, to);

    private bool IsCut(int from, int to) => Deaf.Contains(to) || FarSide.Contains(from) != FarSide.Contains(to);

    private void Deliver(int from, SimulatedNode to, NodeId target, byte[] bytes)
    {
        if (!IsCut(from, to.Slot))
        {
            to.Enqueue(target, node => node.Receive(bytes), isFrame: true);
        }
    }
}
