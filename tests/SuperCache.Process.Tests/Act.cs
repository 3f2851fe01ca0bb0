namespace SuperCache.Process.Tests;

/// <summary>What a client did to a key, when it began and ended, and what came of it.</summary>
/// <param name="Begin">By the clock of the test, which all clients share.</param>
/// <param name="End">The end of time for a write whose outcome is open.</param>
/// <param name="IsWrite">Whether it put <paramref name="Value"/>, or found it.</param>
/// <param name="Value">Null when nothing was found.</param>
internal readonly record struct Act(long Begin, long End, bool IsWrite, long? Value)
{
    /// <summary>Whether it may have happened, or may yet, or never.</summary>
    public bool IsOpen => End == long.MaxValue;
}
