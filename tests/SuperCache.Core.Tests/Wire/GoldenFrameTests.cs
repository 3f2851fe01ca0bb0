using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Wire;

/// <summary>The bytes of the wire, held fast. A change here is a change of the wire: read docs/wire-format.md first.
/// With SUPERCACHE_WRITE_GOLDEN=1 the files are written anew.</summary>
public sealed class GoldenFrameTests
{
    private readonly WireCodec _codec = ApplicationTypes.Codec();

    [Fact]
    public void Values_AreWrittenAsTheGoldenBytes() =>
        GoldenFile.Compare(
            "Wire", "values-v1.txt", GoldenValues.All.Select(value => $"{value.Name}: {Hex(Encode(value.Value))}"));

    [Fact]
    public void Values_AreReadFromTheGoldenBytes()
    {
        string[] lines = GoldenFile.Read("Wire", "values-v1.txt");
        Assert.Equal(GoldenValues.All.Count, lines.Length);
        foreach ((GoldenValue expected, string line) in GoldenValues.All.Zip(lines))
        {
            byte[] bytes = Convert.FromHexString(line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]);
            Assert.Equal(WireReadResult.Ok, _codec.ReadValue(bytes, out object? read));
            Assert.True(Exactly.Same(expected.Value, read), expected.Name);
        }
    }

    [Fact]
    public void Frame_IsWrittenAsTheGoldenBytes() =>
        GoldenFile.Compare(
            "Wire", "frame-v2.txt", Convert.ToHexString(GoldenFrame()).Chunk(32).Select(row => new string(row)));

    [Fact]
    public void Frame_IsReadFromTheGoldenBytes()
    {
        byte[] bytes = Convert.FromHexString(string.Concat(GoldenFile.Read("Wire", "frame-v2.txt")));

        Assert.True(PeerFrame.TryRead(bytes, out _, out int count, out MessageReader reader));
        Assert.Equal(GoldenValues.All.Count, count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i % 256, reader.U8());
            byte[] body = reader.Slice(reader.U32()).ToArray();
            Assert.Equal(WireReadResult.Ok, _codec.ReadValue(body, out object? read));
            Assert.True(Exactly.Same(GoldenValues.All[i].Value, read));
        }

        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void EnumsOfTheWire_KeepTheirNumbers()
    {
        string[] numbers =
        [
            .. Enum.GetValues<WireTypeCode>().Select(code => $"WireTypeCode.{code} = {(byte)code}"),
            .. Enum.GetValues<MessageKind>().Select(kind => $"MessageKind.{kind} = {(byte)kind}"),
        ];
        GoldenFile.Compare("Wire", "enums-v1.txt", numbers);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    private byte[] GoldenFrame() =>
        FrameTests.Frame([.. GoldenValues.All.Select((value, index) => ((byte)index, Encode(value.Value)))]);

    private byte[] Encode(object? value)
    {
        using var buffer = new WireBuffer();
        _codec.WriteValue(buffer, value);
        return buffer.ToArray();
    }
}
