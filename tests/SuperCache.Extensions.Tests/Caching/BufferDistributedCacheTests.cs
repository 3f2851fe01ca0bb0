using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;
using SuperCache.Caching;
using Xunit;

namespace SuperCache.Extensions.Tests.Caching;

/// <summary>What is particular to <see cref="IBufferDistributedCache"/>.</summary>
public sealed class BufferDistributedCacheTests : IDisposable
{
    private static readonly DistributedCacheEntryOptions NoOptions = new();

    private readonly SuperCacheEngine _engine = new(new SuperCacheOptions { PartitionCount = 4 });
    private readonly RecordDistributedCache _cache;

    public BufferDistributedCacheTests() => _cache = new RecordDistributedCache(_engine);

    [Fact]
    public async Task TryGet_WritesNothing_OnAMiss()
    {
        var writer = new ArrayBufferWriter<byte>();

        Assert.False(_cache.TryGet("missing", writer));
        Assert.False(await _cache.TryGetAsync("missing", writer));
        Assert.Equal(0, writer.WrittenCount);
    }

    [Fact]
    public async Task TryGet_AppendsTheWholePayload_OnAHit()
    {
        byte[] payload = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];
        _cache.Set("k", payload, NoOptions);
        var writer = new SmallSpansWriter();

        Assert.True(_cache.TryGet("k", writer));
        Assert.True(await _cache.TryGetAsync("k", writer));

        Assert.Equal([.. payload, .. payload], writer.Written);
    }

    [Fact]
    public void TryGet_IsTrueAndWritesNothing_ForAnEmptyPayload()
    {
        _cache.Set("k", ReadOnlySequence<byte>.Empty, NoOptions);
        var writer = new ArrayBufferWriter<byte>();

        Assert.True(_cache.TryGet("k", writer));
        Assert.Equal(0, writer.WrittenCount);
    }

    [Fact]
    public void TryGet_LetsTheWritersErrorThrough()
    {
        _cache.Set("k", [1, 2, 3], NoOptions);

        Assert.Throws<InvalidOperationException>(() => _cache.TryGet("k", new FullWriter()));
        Assert.Equal([1, 2, 3], _cache.Get("k"));
    }

    [Fact]
    public async Task Set_CopiesASequenceOfManySegments()
    {
        byte[] first = [1, 2];
        byte[] third = [3];
        ReadOnlySequence<byte> sequence = Sequence(first, [], third);

        _cache.Set("k", sequence, NoOptions);
        await _cache.SetAsync("l", sequence, NoOptions);
        first[0] = 99;
        third[0] = 99;

        Assert.Equal([1, 2, 3], _cache.Get("k"));
        Assert.Equal([1, 2, 3], _cache.Get("l"));
    }

    [Fact]
    public async Task Set_TakesADefaultSequence_ForAnEmptyOne()
    {
        _cache.Set("k", default(ReadOnlySequence<byte>), NoOptions);
        await _cache.SetAsync("l", default(ReadOnlySequence<byte>), NoOptions);

        Assert.Equal(Array.Empty<byte>(), _cache.Get("k"));
        Assert.Equal(Array.Empty<byte>(), _cache.Get("l"));
    }

    [Fact]
    public async Task NullArguments_AreRefused_ByName()
    {
        var writer = new ArrayBufferWriter<byte>();
        ReadOnlySequence<byte> value = new([1]);

        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => _cache.TryGet(null!, writer)).ParamName);
        Assert.Equal("destination", Assert.Throws<ArgumentNullException>(() => _cache.TryGet("k", null!)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => _cache.Set(null!, value, NoOptions)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => _cache.Set("k", value, null!)).ParamName);
        Assert.Equal("destination", (await Assert.ThrowsAsync<ArgumentNullException>(
            async () => await _cache.TryGetAsync("k", null!))).ParamName);
        Assert.Equal("options", (await Assert.ThrowsAsync<ArgumentNullException>(
            async () => await _cache.SetAsync("k", value, null!))).ParamName);
        Assert.Null(_cache.Get("k"));
    }

    [Fact]
    public void TryGet_AllocatesNothing_OnAHitOrAMiss()
    {
        const int rounds = 10_000;
        _cache.Set("k", new byte[512], NoOptions);
        _cache.Set(
            "sliding", new byte[512], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromHours(1) });
        var writer = new ArrayBufferWriter<byte>(4096);
        Read(rounds);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int hits = Read(rounds);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(3 * rounds, hits);
        Assert.Equal(0, allocated);

        int Read(int times)
        {
            int found = 0;
            for (int i = 0; i < times; i++)
            {
                writer.ResetWrittenCount();
                found += _cache.TryGet("k", writer) ? 1 : 0;
                found += _cache.TryGet("sliding", writer) ? 1 : 0;
                found += _cache.TryGet("missing", writer) ? 1 : 0;
                found += _cache.TryGetAsync("k", writer).GetAwaiter().GetResult() ? 1 : 0;
            }

            return found;
        }
    }

    [Fact]
    public void Service_IsBothInterfaces_SinceHybridCacheTestsForTheBufferedOne() =>
        Assert.IsType<IBufferDistributedCache>((IDistributedCache)_cache, exactMatch: false);

    public void Dispose() => _engine.Dispose();

    private static ReadOnlySequence<byte> Sequence(params byte[][] parts)
    {
        var first = new Segment(parts[0], null);
        Segment last = first;
        foreach (byte[] part in parts.Skip(1))
        {
            last = new Segment(part, last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }

    /// <summary>Hands out little room at a time, as a pipe does.</summary>
    private sealed class SmallSpansWriter : IBufferWriter<byte>
    {
        private readonly byte[] _room = new byte[100];

        public List<byte> Written { get; } = [];

        public void Advance(int count) => Written.AddRange(_room.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _room;

        public Span<byte> GetSpan(int sizeHint = 0) => _room;
    }

    /// <summary>Has no room, as HybridCache's writer beyond its payload limit.</summary>
    private sealed class FullWriter : IBufferWriter<byte>
    {
        public void Advance(int count) => throw new InvalidOperationException("Max length exceeded.");

        public Memory<byte> GetMemory(int sizeHint = 0) => new byte[10];

        public Span<byte> GetSpan(int sizeHint = 0) => new byte[10];
    }
}
