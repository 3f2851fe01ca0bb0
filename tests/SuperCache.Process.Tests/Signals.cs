using System.Runtime.InteropServices;

namespace SuperCache.Process.Tests;

/// <summary>Signals that <see cref="System.Diagnostics.Process"/> cannot send.</summary>
internal static partial class Signals
{
    private const int Stop = 19;
    private const int Continue = 18;

    /// <summary>Freezes a process, with everything in its hands.</summary>
    public static void Freeze(int process) => Send(process, Stop);

    /// <summary>Lets a frozen process go on as if nothing had happened.</summary>
    public static void Thaw(int process) => Send(process, Continue);

    private static void Send(int process, int signal)
    {
        if (Kill(process, signal) != 0)
        {
            throw new InvalidOperationException($"Process {process} could not be sent signal {signal}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
