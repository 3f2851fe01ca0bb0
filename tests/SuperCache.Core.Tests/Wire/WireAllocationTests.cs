using System.Diagnostics;
using System.Runtime.CompilerServices;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Wire;

public sealed class WireAllocationTests
{
    private readonly WireCodec _codec = new(new CodecTable(ApplicationTypes.RawRegistry()));
    private readonly WireBuffer _buffer = new();

    [Fact]
    public void WriteRecord_AllocatesNothing_ForASmallRecord()
    {
        Assert.Equal(0, AllocatedBy(() =>
        {
            _buffer.Truncate(0);
            _codec.WriteRecord(_buffer, ("user:1234", 42, 17L));
        }));
    }

    [Fact]
    public void ReadRecord_AllocatesTheRecordOnly()
    {
        _codec.WriteRecord(_buffer, (1, 2L));
        ITuple? read = null;
        long boxedTuple = AllocatedBy(() => read = (ITuple)(object)(1, 2L));

        Assert.Equal(boxedTuple, AllocatedBy(() => _codec.ReadRecord(_buffer.WrittenMemory, out read)));
        Assert.NotNull(read);
    }

    [Fact]
    public void Frame_AllocatesNothing_WhenReadAgain()
    {
        byte[] frame = FrameTests.Frame((1, [1, 2, 3]), (2, new byte[1_000]));

        Assert.Equal(0, AllocatedBy(() =>
        {
            Assert.True(PeerFrame.TryRead(frame, out _, out int count, out MessageReader reader));
            for (int i = 0; i < count; i++)
            {
                reader.U8();
                reader.Slice(reader.U32());
            }
        }));
    }

    [Fact]
    public void ReadValue_AllocatesNoMoreThanItsBound_WhenNestedArraysClaimTheRestEach()
    {
        // Each of 15 arrays of objects claims as many items as bytes are left; only the outermost may have them.
        byte[] bytes = new byte[60_000];
        bytes[0] = WireCodec.FormVersion;
        for (int i = 0; i < 15; i++)
        {
            int left = bytes.Length - (i * 5) - 6;
            ReadOnlySpan<byte> level = [33, 1, 0xDC, (byte)(left >> 8), (byte)left];
            level.CopyTo(bytes.AsSpan(1 + (i * 5)));
        }

        long allocated = AllocatedBy(() => Assert.Equal(WireReadResult.Truncated, _codec.ReadValue(bytes, out _)));

        Assert.InRange(allocated, 1, (bytes.Length * IntPtr.Size) + WireLimits.AllocationBase);
    }

    [Fact]
    public void ReadValue_StaysWithinItsBound_ForTheCostliestGoodValues()
    {
        object[] costly =
        [
            Enumerable.Repeat<object?>(null, 1_000).ToArray(),
            Enumerable.Range(0, 1_000).Select(_ => new List<int>()).ToArray(),
            Enumerable.Range(0, 1_000).Select(_ => (object)Array.Empty<object>()).ToArray(),
            new (decimal, decimal, decimal)?[1_000],
            Enumerable.Range(0, 1_000).Select(_ => new Uri("a", UriKind.Relative)).ToArray(),
            Enumerable.Range(0, 1_000).Select(_ => new Uri("ab:c")).ToArray(),
            Enumerable.Range(0, 1_000).Select(_ => new Version(1, 1)).ToArray(),
            Enumerable.Range(0, 1_000).Select(_ => new Tuple<object?>(null)).ToArray(),
        ];
        foreach (object value in costly)
        {
            _buffer.Truncate(0);
            _codec.WriteValue(_buffer, value);
            long allocated = AllocatedBy(
                () => Assert.Equal(WireReadResult.Ok, _codec.ReadValue(_buffer.WrittenMemory, out _)));
            Assert.InRange(allocated, 1, (_buffer.Length * WireLimits.AllocationFactor) + WireLimits.AllocationBase);
        }
    }

    /// <summary>The least that one of many calls allocates: the runtime's own first, slow code boxes here and there
    /// until it is compiled again.</summary>
    private static long AllocatedBy(Action action)
    {
        long least = long.MaxValue;
        long started = Stopwatch.GetTimestamp();
        while (least > 0 && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(500))
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
