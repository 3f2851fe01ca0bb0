using System.Runtime.CompilerServices;
using SuperCache.Matching;
using SuperCache.Records;
using SuperCache.Replication.Operations;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Wire;

/// <summary>What would come back as something else is refused, by writers and readers alike.</summary>
public sealed class LossTests
{
    private readonly CodecTable _table = new(ApplicationTypes.Registry());

    private WireCodec Codec => new(_table);

    [Fact]
    public void TupleOfADerivedClass_IsRefused_WhereATupleIsDeclared()
    {
        using var buffer = new WireBuffer();
        (string, Tuple<int, string>) record = ("k", new Named(1, "x", "lost"));

        var error = Assert.Throws<UnsupportedValueException>(() => Codec.WriteRecord(buffer, record));

        Assert.Contains(nameof(Named), error.Message, StringComparison.Ordinal);
        Assert.Equal(0, buffer.Length);
        Codec.WriteRecord(buffer, ("k", Tuple.Create(1, "x")));
        Assert.Equal(WireReadResult.Ok, Codec.ReadRecord(buffer.WrittenMemory, out ITuple? read));
        Assert.Equal(("k", Tuple.Create(1, "x")), read);
    }

    [Fact]
    public void Mover_TakesNoFormThatItDoesNotKnow_ThoughItTookTheTypeBefore()
    {
        using var buffer = new WireBuffer();
        Codec.WriteRecord(buffer, ("k", 1));
        byte[] good = buffer.ToArray();
        byte[] bad = [9, .. good[1..]];
        var movers = new RecordMovers(Codec, _table);

        Assert.Null(movers.For(bad));
        Assert.Equal(WireReadResult.Ok, movers.For(good)!.Load(good));
        Assert.Null(movers.For(bad));
    }

    [Fact]
    public void UriMadeWithOptions_IsRefused_BecauseItsTextMakesAnother()
    {
        var uri = new Uri(
            "http://host/a%41/../b", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var buffer = new WireBuffer();

        Assert.Throws<UnsupportedValueException>(() => Codec.WriteRecord(buffer, ("k", uri)));
        Assert.Throws<UnsupportedValueException>(() => new StableHash(_table).Of(uri));
        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void UrisThatAreEqual_HashEqually_AndComeBackEqual()
    {
        var hash = new StableHash(_table);
        Uri[] uris =
        [
            new("http://h/a"), new("HTTP://H/a"), new("http://h:80/a"), new("http://u@h/a"), new("http://h/a#f"),
            new("http://h/%61"), new("mailto:a@b"), new("mailto:A@b"), new("mailto:c@b"), new("file:///tmp/x"),
            new("file:///tmp/X"), new("file://localhost/tmp/x"), new("/tmp/x"), new("/tmp/x", UriKind.Relative),
            new("http://xn--mnchen-3ya.de/"), new("http://m\u00fcnchen.de/"), new("urn:a:b"), new("URN:a:b"),
            new("urn:a:B"), new("http://h/a?q"), new("http://h/a?Q"), new("http://h"), new("http://h/"),
            new("http://[::1]/"), new("http://[0:0::1]/"), new("file://srv/Share"), new("file://srv/share"),
            new("c:\\A"), new("c:\\a"), new("ab:c#x"), new("ab:c#y"), new("http://h/%C3%BC"), new("http://h/\u00fc"),
            new("http://h/a b"), new("http://h/a%20b"), new("", UriKind.Relative), new("#f", UriKind.Relative),
            new(new Uri("http://h/a/b"), "../c d"),
        ];
        foreach (Uri left in uris)
        {
            foreach (Uri right in uris)
            {
                if (left.Equals(right) && left.GetHashCode() == right.GetHashCode())
                {
                    Assert.True(hash.Of(left) == hash.Of(right), $"{left.OriginalString} = {right.OriginalString}");
                }
            }

            using var buffer = new WireBuffer();
            Codec.WriteValue(buffer, left);
            Assert.Equal(WireReadResult.Ok, Codec.ReadValue(buffer.WrittenMemory, out object? read));
            Assert.True(left.Equals(read), left.OriginalString);
        }
    }

    [Theory]
    [InlineData(1 << 16)]
    [InlineData(1 << 22)]
    public void PatternOfNestedCounts_AllocatesInProportion(int size)
    {
        byte[] bytes = new byte[size];
        int at = 0;
        for (int i = 0; i < MatchPattern.MaxDepth; i++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(at), size - at - 4);
            bytes[at + 4] = 2;
            at += 5;
        }

        bytes[at - 1] = 9;
        long before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new MessageReader(bytes);
        Assert.Null(PatternCodec.Read(ref reader, Codec));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(
            allocated <= ((long)size * WireLimits.AllocationFactor) + WireLimits.AllocationBase,
            $"{allocated} bytes for {size}");
    }

    [Fact]
    public void Pattern_ComesBack_WithPlaceholdersInEveryPlace()
    {
        ITuple pattern = (Match.Any, (1, (Match.Var(2), Match.Any), "x"), Match.Var(0), (Match.Any, Match.Any));
        using var buffer = new WireBuffer();
        PatternCodec.Write(buffer, Codec, MatchPattern.Compile(pattern));
        var reader = new MessageReader(buffer.Written);

        MatchPattern read = PatternCodec.Read(ref reader, Codec)!;

        Assert.Equal(0, reader.Remaining);
        Assert.Equal(["b", "a"], read.Bind((1, (1, ("a", 2), "x"), "b", (3, 4)))!);
    }

    [Fact]
    public void Element_IsRead_ThoughOthersAreOfUnknownTypes()
    {
        var stranger = new WireCodec(new CodecTable(new WireTypeRegistry()));
        (ITuple Record, int Position, object? Expected)[] cases =
        [
            (("k", Colour.Red), 0, "k"), (((object)Colour.Red, (object)"k"), 1, "k"), ((Colour.Red, 2), 1, 2),
            ((new Raw(1), (object)new Raw(2), (object?)null, 3), 3, 3), (Tuple.Create(new Raw(1), 4), 1, 4),
            ((1, 2, 3, 4, 5, 6, Colour.Red, "eighth", new Raw(1)), 7, "eighth"),
            (("k", new List<Colour> { Colour.Red }), 0, "k"), ((new List<Colour> { Colour.Red }, "k"), 1, null),
            ((Colour.Red, "k"), 0, null), (("k", 1), 2, null), (((string?)null, Colour.Red), 0, null),
        ];
        foreach ((ITuple record, int position, object? expected) in cases)
        {
            using var buffer = new WireBuffer();
            Codec.WriteRecord(buffer, record);
            byte[] bytes = buffer.ToArray();

            Assert.Equal(expected, stranger.ReadElement(bytes, position));
            for (int length = 0; length < bytes.Length; length++)
            {
                stranger.ReadElement(bytes.AsMemory(0, length), position);
            }
        }
    }

    private sealed class Named(int number, string text, string more) : Tuple<int, string>(number, text)
    {
        public string More => more;
    }
}
