namespace SuperCache.Process.Tests;

/// <summary>Decides whether the acts on one key can be put into an order that respects time and explains every
/// read.</summary>
/// <remarks>Depth-first, with the states that led nowhere remembered. A write with an open outcome may stand anywhere
/// after its begin, or nowhere. Source: Wing and Gong, "Testing and verifying concurrent objects" (1993).</remarks>
internal static class Linearizability
{
    public static bool Holds(IEnumerable<Act> acts)
    {
        // An open write that nobody read can be left out: whatever order holds with it holds without it.
        Act[] all = [.. acts];
        HashSet<long?> read = [.. all.Where(a => !a.IsWrite).Select(a => a.Value)];
        Act[] ordered = [.. all.Where(a => !a.IsOpen || read.Contains(a.Value)).OrderBy(a => a.Begin)];
        return new Search(ordered).Run();
    }

    private sealed class Search(Act[] acts)
    {
        private readonly bool[] _isDone = new bool[acts.Length];
        private readonly HashSet<string> _failed = [];

        public bool Run() => From(0, acts.Count(a => !a.IsOpen), null);

        private bool From(int first, int left, long? value)
        {
            if (left == 0)
            {
                return true;
            }

            while (first < acts.Length && _isDone[first])
            {
                first++;
            }

            if (_failed.Contains(State(first, value)))
            {
                return false;
            }

            long firstEnd = long.MaxValue;
            for (int i = first; i < acts.Length && acts[i].Begin < firstEnd; i++)
            {
                firstEnd = _isDone[i] ? firstEnd : Math.Min(firstEnd, acts[i].End);
            }

            for (int i = first; i < acts.Length && acts[i].Begin < firstEnd; i++)
            {
                if (_isDone[i] || (!acts[i].IsWrite && acts[i].Value != value))
                {
                    continue;
                }

                _isDone[i] = true;
                if (From(first, acts[i].IsOpen ? left : left - 1, acts[i].IsWrite ? acts[i].Value : value))
                {
                    return true;
                }

                _isDone[i] = false;
            }

            _failed.Add(State(first, value));
            return false;
        }

        /// <summary>Everything before the first that is not done is done.</summary>
        private string State(int first, long? value)
        {
            int last = acts.Length - 1;
            while (last >= first && !_isDone[last])
            {
                last--;
            }

            return $"{first}:{value}:" + string.Create(
                last - first + 1, (_isDone, first), static (text, s) =>
                {
                    for (int i = 0; i < text.Length; i++)
                    {
                        text[i] = s._isDone[s.first + i] ? '1' : '0';
                    }
                });
        }
    }
}
