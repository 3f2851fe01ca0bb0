namespace SuperCache.TestKit.Simulation;

/// <summary>Virtual time: what happens when, in microseconds; what is due at one time happens in the order it was
/// planned.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private long _order;

    public long Now { get; private set; }

    public void At(long time, Action action) => _queue.Enqueue(action, (Math.Max(time, Now), _order++));

    public void After(long delay, Action action) => At(Now + delay, action);

    /// <summary>Lets everything happen that is due, until a time or until somebody says stop.</summary>
    public void RunUntil(long end, Func<bool> isStopped)
    {
        while (!isStopped() && _queue.TryPeek(out Action? action, out (long At, long Order) due) && due.At <= end)
        {
            _queue.Dequeue();
            Now = due.At;
            action();
        }

        Now = Math.Max(Now, end);
    }
}
