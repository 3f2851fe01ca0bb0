using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace SuperCache.Extensions.Tests.Caching;

/// <summary>Microsoft's own cache, so that the conformance suite asks for nothing that an application could not rely
/// on before.</summary>
public abstract class MemoryDistributedCacheTests(DoorKind kind) : DistributedCacheConformance(kind)
{
    protected override IDistributedCache Create(FakeTimeProvider clock) => new MemoryDistributedCache(
        Options.Create(new MemoryDistributedCacheOptions { Clock = new SystemClock(clock) }));

    private sealed class SystemClock(TimeProvider clock) : ISystemClock
    {
        public DateTimeOffset UtcNow => clock.GetUtcNow();
    }

    public sealed class Synchronous() : MemoryDistributedCacheTests(DoorKind.Sync);

    public sealed class Asynchronous() : MemoryDistributedCacheTests(DoorKind.Async);
}
