using System.Runtime.CompilerServices;
using SuperCache.Records;
using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Records;

public sealed class RecordLayoutTests
{
    [Fact]
    public void KeyElement_OfABoxedRecord_IsItsFirstField()
    {
        Assert.Equal(0, BoxedRecord.KeyElement.Offset);
        var slot = new BoxedRecord("key", (1, 2));
        Assert.Equal("key", BoxedRecord.KeyElement.Box(in slot));
        Assert.Equal((1, 2), BoxedRecord.KeyElement.Record(in slot));
    }

    [Fact]
    public void KeyElement_OfABagSlot_IsItsKey()
    {
        var slot = new BagSlot("key", new Bucket(), 5);
        Assert.Equal("key", BagSlot.KeyElement.Box(in slot));
        Assert.InRange(BagSlot.KeyElement.Offset, 0, Unsafe.SizeOf<BagSlot>() - IntPtr.Size);
    }

    [Fact]
    public void At_ReadsEachElement_OfTuplesOfOneToSeven()
    {
        AssertElements(ValueTuple.Create((byte)1), (byte)1);
        AssertElements(((byte)1, "b"), (byte)1, "b");
        AssertElements((1, 'b', 3L), 1, 'b', 3L);
        AssertElements((true, 2.0, "c", (short)4), true, 2.0, "c", (short)4);
        AssertElements((Guid.Empty, 2m, "c", 4, (byte)5), Guid.Empty, 2m, "c", 4, (byte)5);
        AssertElements((1, "2", 3L, '4', (5, 5), (object)6), 1, "2", 3L, '4', (5, 5), 6);
        AssertElements(("1", 2, "3", 4L, "5", (byte)6, "7"), "1", 2, "3", 4L, "5", (byte)6, "7");
    }

    [Fact]
    public void IsInline_IsFalse_ForEverythingButSmallFlatValueTuples()
    {
        Assert.False(RecordLayout<Tuple<int, int>>.IsInline);
        Assert.False(RecordLayout<(int, int, int, int, int, int, int, int)>.IsInline);
        Assert.False(RecordLayout<(Guid, Guid, Guid, Guid, int)>.IsInline);
        Assert.True(RecordLayout<(Guid, Guid, Guid, Guid)>.IsInline);
        Assert.False(RecordLayout<ITuple>.IsInline);
        Assert.False(RecordLayout<int>.IsInline);
        Assert.False(RecordLayout<int?>.IsInline);
        Assert.False(RecordLayout<KeyValuePair<int, int>>.IsInline);
        Assert.False(RecordLayout<ValueTuple>.IsInline);
    }

    private static void AssertElements<TRecord>(TRecord record, params object[] expected)
        where TRecord : ITuple
    {
        Assert.True(RecordLayout<TRecord>.IsInline);
        Assert.Equal(expected.Length, RecordLayout<TRecord>.Arity);
        for (int i = 0; i < expected.Length; i++)
        {
            RecordElement<TRecord> element = RecordLayout<TRecord>.At(i);
            Assert.Equal(expected[i], element.Box(in record));
            Assert.True(element.Matches(in record, expected[i]));
            Assert.True(element.Matches(in record, in record));
            Assert.False(element.IsNull(in record));
            Assert.False(element.Matches(in record, new object()));
        }
    }
}
