using System.Diagnostics;
using System.Globalization;

namespace SuperCache.Benchmarks.Paired;

/// <summary>Runs subjects turn by turn, many rounds, so that whatever disturbs the machine disturbs all of them
/// alike.</summary>
/// <param name="title">What is measured.</param>
/// <param name="operations">Operations of one turn, of all threads together.</param>
/// <param name="threads">How many threads run a turn.</param>
/// <param name="isWallClock">Whether waiting, and what other threads do for a subject, is part of its time: for
/// subjects that take locks or work in the background. Needs a quieter machine than processor time.</param>
public sealed class Contest(string title, long operations, int threads = 1, bool isWallClock = false)
{
    private readonly List<Subject> _subjects = [];

    /// <summary>Adds a subject; the first one is what the others are compared with.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="turn">Does one thread's share of a turn; is given the thread's number.</param>
    /// <param name="prepare">Runs before each turn, outside the time.</param>
    public Contest Add(string name, Action<int> turn, Action? prepare = null)
    {
        _subjects.Add(new Subject(name, turn, prepare));
        return this;
    }

    /// <summary>Warms up until tier 1, runs the rounds and writes a table.</summary>
    /// <param name="rounds">How many turns each subject has.</param>
    /// <param name="output">Where the table goes.</param>
    public void Run(int rounds, TextWriter output)
    {
        // The background compiler needs turns and time to get to its last tier.
        var warmUp = Stopwatch.StartNew();
        for (int turn = 0; turn < 5 || warmUp.ElapsedMilliseconds < 1_500; turn++)
        {
            _subjects.ForEach(subject => Time(subject));
        }

        GC.Collect();
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < _subjects.Count; i++)
            {
                Subject subject = _subjects[(i + round) % _subjects.Count];
                subject.Times.Add(Time(subject));
            }
        }

        Write(output);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Processor seconds of one turn, of all its threads together; what waiting for a processor takes is
    /// nobody's fault.</summary>
    private double Time(Subject subject)
    {
        subject.Prepare?.Invoke();
        if (threads == 1)
        {
            return TimeThread(subject, 0);
        }

        double[] seconds = new double[threads];
        using var line = new Barrier(threads);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            line.SignalAndWait();
            seconds[number] = TimeThread(subject, number);
        }))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return isWallClock ? seconds.Max() : seconds.Sum() / threads;
    }

    private double TimeThread(Subject subject, int number)
    {
        double start = Now();
        subject.Turn(number);
        return Now() - start;
    }

    private double Now() => isWallClock ? Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency : ProcessorTime.Now();

    private void Write(TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n### {title}\n"));
        output.WriteLine(
            $"| subject | M op/s of {(isWallClock ? "wall" : "processor")} time, median "
            + "| SuperCache is × as fast, median (min..max of rounds) |");
        output.WriteLine("|---|---|---|");
        List<double> own = _subjects[0].Times;
        foreach (Subject subject in _subjects)
        {
            double[] ratios = [.. subject.Times.Zip(own, (theirs, ours) => theirs / ours)];
            string ratio = subject == _subjects[0]
                ? "" : $"**{Median(ratios):F2}** ({ratios.Min():F2}..{ratios.Max():F2})";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                    $"| {subject.Name} | {operations / Median(subject.Times) / 1e6:F2} | {ratio} |"));
        }

        output.Flush();
    }

    private sealed class Subject(string name, Action<int> turn, Action? prepare)
    {
        public string Name => name;

        public Action<int> Turn => turn;

        public Action? Prepare => prepare;

        public List<double> Times { get; } = [];
    }
}
