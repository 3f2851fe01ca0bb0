using System.Runtime.CompilerServices;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Wire;

public sealed class UnsupportedValueTests
{
    private readonly WireCodec _codec = ApplicationTypes.Codec();

    private enum Unregistered
    {
        None = 0,
    }

    [Fact]
    public void WriteRecord_NamesPositionTypeAndFix_WhenAnElementDoesNotTravel()
    {
        string message = Refusal(("key", 1, new MemoryStream()));

        Assert.Equal(
            "Element 2 of the record, a System.IO.MemoryStream, cannot be sent to other nodes. "
            + "System.IO.MemoryStream does not travel to other nodes. "
            + "Register the type under a short name at every node, with WireTypeRegistry. Nothing was changed.",
            message);
    }

    [Fact]
    public void WriteRecord_NamesThePosition_WhereverTheValueIs()
    {
        Assert.StartsWith("Element 1 of the record", Refusal<(object, object)>((1, Unregistered.None)));
        Assert.StartsWith("Element 1 of the record", Refusal(("a", Unregistered.None)));
        Assert.StartsWith("Element 8 of the record", Refusal((1, 2, 3, 4, 5, 6, 7, 8, nint.Zero)));
        Assert.StartsWith("Element 0 of the record", Refusal(new Tuple<object>(new object())));
        Assert.StartsWith("Element 1 of the record", Refusal(("a", (1, new List<object> { new Lazy<int>() }))));
        Assert.StartsWith("Element 1 of the record", Refusal<(string, IDisposable?)>(("a", null)));
        Assert.StartsWith("Element 1 of the record", Refusal(("a", new int[1, 1])));
    }

    [Fact]
    public void WriteRecord_RefusesWhatWouldComeBackAsAnotherType()
    {
        Assert.Contains("Declare it as System.String[] or as object.", Refusal<(int, object[])>((1, new string[1])));
        Assert.Contains("OwnUri stands where System.Uri is declared", Refusal<(int, Uri)>((1, new OwnUri())));
        Assert.Contains("Cooked", Refusal<(int, Raw)>((1, new Cooked(1))));
        Assert.Contains("Cooked", Refusal<(int, object)>((1, new Cooked(1))));
    }

    [Fact]
    public void WriteRecord_SaysWhatTheSerializerSaid()
    {
        UnsupportedValueException thrown = Assert.Throws<UnsupportedValueException>(
            () => _codec.WriteRecord(new WireBuffer(), ("a", new Raw(-1))));

        Assert.Contains("A raw number is never negative.", thrown.Message);
        Assert.IsType<InvalidOperationException>(thrown.InnerException);
    }

    [Fact]
    public void WriteRecord_RefusesACircle()
    {
        var circle = new List<object>();
        circle.Add(circle);

        Assert.Contains("more than 16 deep", Refusal(("a", circle)));
    }

    [Fact]
    public void WriteRecord_RefusesANullableThatIsTooLarge() => Assert.StartsWith(
        "Element 1 of the record", Refusal<(string, (decimal, decimal, decimal, decimal)?)>(("a", null)));

    [Fact]
    public void WriteRecord_RefusesATypeNestedTooDeep() => Assert.StartsWith(
        "Element 1 of the record", Refusal(("a", Array.CreateInstance(Nested(WireLimits.MaxTypeDepth), 0))));

    [Fact]
    public void WriteRecord_RefusesWhatIsTooLarge() =>
        Assert.Contains("at most 16777216 travel", Refusal(("a", new byte[WireLimits.MaxValueBytes])));

    [Fact]
    public void WriteValue_WritesNothing_WhenItRefuses()
    {
        using var buffer = new WireBuffer();
        _codec.WriteValue(buffer, "before");
        byte[] before = buffer.ToArray();

        string message = Assert.Throws<UnsupportedValueException>(
            () => _codec.WriteValue(buffer, new object[] { new string('x', 10_000), new object() })).Message;

        Assert.StartsWith("The value cannot be sent to other nodes. System.Object does not travel", message);
        Assert.Equal(before, buffer.ToArray());
    }

    private sealed class OwnUri() : Uri("https://example.org");

    private static Type Nested(int levels) =>
        Enumerable.Range(0, levels).Aggregate(typeof(int), (type, _) => typeof(List<>).MakeGenericType(type));

    private string Refusal<TRecord>(TRecord record)
        where TRecord : ITuple
    {
        using var buffer = new WireBuffer();
        string message = Assert.Throws<UnsupportedValueException>(() => _codec.WriteRecord(buffer, record)).Message;
        Assert.Equal(0, buffer.Length);
        Assert.EndsWith(" Nothing was changed.", message);
        return message;
    }
}
