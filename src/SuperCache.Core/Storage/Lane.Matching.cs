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
        answer = null;
        Span<FlatPattern.Variable> room = stackalloc FlatPattern.Variable[FlatPattern.MaxLength];
        if (shape.Length != RecordLayout<TContent>.Arity
            || !FlatPattern.TryRead(shape, pattern, keyPosition, room, out FlatPattern flat))
        {
            return false;
        }

        switch (ReadKeyOf(pattern, shape, keyPosition, out TContent record))
        {
            case LaneRead.Hit:
                if (flat.Matches(in record))
                {
                    answer = binds ? flat.Bind(in record) : RecordLayout<TContent>.At(keyPosition).Record(in record);
                }

                return true;
            case LaneRead.Miss:
                return true;
            default:
                return false;
        }
    }

    private LaneRead ReadKeyOf(ITuple pattern, PatternShape shape, int keyPosition, out TContent record)
    {
        Unsafe.SkipInit(out record);
        return shape.PartAt(keyPosition) switch
        {
            PatternPart.Int32 => TryRead(shape.Read<int>(pattern, keyPosition), out record),
            PatternPart.Int64 => TryRead(shape.Read<long>(pattern, keyPosition), out record),
            PatternPart.Guid => TryRead(shape.Read<Guid>(pattern, keyPosition), out record),
            PatternPart.Text => TryRead(shape.Read<string>(pattern, keyPosition), out record),
            _ => LaneRead.Unclear,
        };
    }
}
