using System.Runtime.CompilerServices;
using SuperCache.Matching;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <content>The short way of a match whose key is bound.</content>
internal sealed partial class Lane<TContent>
{
    /// <inheritdoc/>
    public override bool TryMatch(
        ITuple pattern, PatternShape shape, int keyPosition, bool binds, out object? answer)
    {
        // The record first: while memory brings it, the pattern is read.
        answer = null;
        LaneRead read = ReadKeyOf(pattern, shape, keyPosition, out TContent record);
        Span<FlatPattern.Variable> room = stackalloc FlatPattern.Variable[FlatPattern.MaxLength];
        if (read == LaneRead.Unclear || shape.Length != RecordLayout<TContent>.Arity
            || !FlatPattern.TryRead(shape, pattern, keyPosition, room, out FlatPattern flat))
        {
            return false;
        }

        if (read == LaneRead.Hit && flat.Matches(in record))
        {
            answer = binds ? flat.Bind(in record) : RecordLayout<TContent>.At(keyPosition).Record(in record);
        }

        return true;
    }

    private LaneRead ReadKeyOf(ITuple pattern, PatternShape shape, int keyPosition, out TContent record)
    {
        Unsafe.SkipInit(out record);
        ref byte start = ref shape.StartOf(pattern);
        return shape.PartAt(keyPosition) switch
        {
            PatternPart.Int32 => TryRead(shape.Read<int>(ref start, keyPosition), out record),
            PatternPart.Int64 => TryRead(shape.Read<long>(ref start, keyPosition), out record),
            PatternPart.Guid => TryRead(shape.Read<Guid>(ref start, keyPosition), out record),
            PatternPart.Text => TryRead(shape.Read<string>(ref start, keyPosition), out record),
            _ => LaneRead.Unclear,
        };
    }
}
