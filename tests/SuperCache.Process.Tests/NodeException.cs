namespace SuperCache.Process.Tests;

/// <summary>A command that failed at its node, or whose node is gone.</summary>
/// <param name="error">The type of the error, and its text.</param>
internal sealed class NodeException(string error) : Exception(error)
{
    /// <summary>The type of the error; "Gone" when the node is.</summary>
    public string Kind => Message.Split(' ')[0];
}
