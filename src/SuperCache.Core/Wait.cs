using System.Diagnostics.CodeAnalysis;

namespace SuperCache;

/// <summary>How a synchronous member waits for what is written once, as a task: not at all where it is complete, as it
/// always is in local mode.</summary>
[SuppressMessage(
    "Usage", "VSTHRD002", Justification = "A synchronous member whose answer is on another node has to wait for it.")]
internal static class Wait
{
    public static void For(ValueTask task)
    {
        if (task.IsCompletedSuccessfully)
        {
            task.GetAwaiter().GetResult();
        }
        else
        {
            task.AsTask().GetAwaiter().GetResult();
        }
    }

    public static T For<T>(ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
}
