using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Wire;

/// <summary>Truncated, corrupted, oversized, wrong-version and random frames: reading them never throws, and never
/// allocates more than the stated bound. SUPERCACHE_FRAMES sets how many are tried; 100,000 by default.</summary>
public sealed class BadFrameTests
{
    private const int Theories = 4;

    private static readonly int Frames =
        int.TryParse(Environment.GetEnvironmentVariable("SUPERCACHE_FRAMES"), out int frames) ? frames : 100_000;

    private readonly CodecTable _table = new(ApplicationTypes.RawRegistry(), foreignTypes: 200);
    private readonly Dictionary<WireReadResult, int> _results = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Reading_NeverThrowsAndStaysWithinItsBound_WhateverTheBytes(int seed)
    {
        var codec = new WireCodec(_table);
        IEnumerable<GoldenValue> raw = GoldenValues.All.Where(value => value.IsRaw);
        byte[][] values = [.. raw.Select(value => Encoded(codec, value.Value))];
        var bad = new BadBytes(seed, [.. values.Select(value => FrameTests.Frame((1, value), (2, value)))], values);

        for (int i = 0; i < Frames / Theories; i++)
        {
            byte[] frame = bad.Frame();
            try
            {
                Read(codec, frame);
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}, frame {i}, {Convert.ToHexString(frame)}: {e}");
            }
        }

        WireReadResult[] expected = [.. Enum.GetValues<WireReadResult>()];
        Assert.True(
            Frames < 50_000 || expected.All(_results.ContainsKey),
            $"Seed {seed}: only {string.Join(", ", _results)} were met, so that the frames are too tame.");
        TestContext.Current.SendDiagnosticMessage("Seed {0}: {1}", seed, string.Join(", ", _results));
    }

    private static byte[] Encoded(WireCodec codec, object? value)
    {
        using var buffer = new WireBuffer();
        codec.WriteValue(buffer, value);
        return buffer.ToArray();
    }

    private void Read(WireCodec codec, byte[] frame)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isTaken = PeerFrame.TryRead(frame, out _, out int count, out MessageReader reader);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        for (int i = 0; i < count && isTaken && !reader.Failed; i++)
        {
            reader.U8();
            uint length = reader.U32();
            int start = frame.Length - reader.Remaining;
            ReadOnlyMemory<byte> body = frame.AsMemory(start, reader.Slice(length).Length);
            long bound = ((long)body.Length * WireLimits.AllocationFactor) + WireLimits.AllocationBase;
            long allocated = AllocatedBy(codec, body, out WireReadResult result);
            if (allocated > bound)
            {
                // Types seen for the first time are not counted, and the runtime prepares some of its own at first use.
                allocated = AllocatedBy(codec, body, out result);
                Assert.True(
                    allocated <= bound, $"{allocated} bytes were allocated for {body.Length}; the result is {result}.");
            }

            Count(result);
        }
    }

    private static long AllocatedBy(WireCodec codec, ReadOnlyMemory<byte> body, out WireReadResult result)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        result = codec.ReadValue(body, out _);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void Count(WireReadResult result) => _results[result] = _results.GetValueOrDefault(result) + 1;
}
