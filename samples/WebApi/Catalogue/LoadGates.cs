namespace WebApi.Catalogue;

/// <summary>Lets one request at a time load or change what belongs to a key.</summary>
/// <remarks>Many requests that miss together query the database once; and nobody can put back what a change has just
/// invalidated, because a load and a change of one key never overlap. Keys share a fixed number of gates.</remarks>
public sealed class LoadGates
{
    private const int Count = 64;

    private readonly SemaphoreSlim[] _ofProducts = Create();
    private readonly SemaphoreSlim[] _ofCategories = Create();

    /// <summary>Waits for a product's gate. A request that also needs a category's takes the product's first.</summary>
    public ValueTask<Pass> EnterProductAsync(int id, CancellationToken cancellationToken) =>
        EnterAsync(_ofProducts[(uint)id % Count], cancellationToken);

    /// <summary>Waits for a category's gate.</summary>
    public ValueTask<Pass> EnterCategoryAsync(string category, CancellationToken cancellationToken) =>
        EnterAsync(_ofCategories[(uint)category.GetHashCode(StringComparison.Ordinal) % Count], cancellationToken);

    private static async ValueTask<Pass> EnterAsync(SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        return new Pass(gate);
    }

    private static SemaphoreSlim[] Create() => [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Holds a gate until it is disposed.</summary>
    public readonly struct Pass(SemaphoreSlim gate) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => gate.Release();
    }
}
