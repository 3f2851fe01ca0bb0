using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SuperCache.Benchmarks.Paired;

/// <summary>How long the calling thread has had a processor: on a shared machine the fairer clock.</summary>
internal static class ProcessorTime
{
    private const int ThreadCpuTime = 3;

    /// <summary>Seconds since some moment; of the thread where the system tells, else of the world.</summary>
    public static double Now()
    {
        if (!OperatingSystem.IsLinux() || GetTime(ThreadCpuTime, out TimeSpec time) != 0)
        {
            return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        }

        return time.Seconds + time.Nanoseconds / 1e9;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
