using SuperCache.Records;

namespace SuperCache.Matching;

/// <summary>A pattern for records that lie inline, so that those which do not match are never boxed.</summary>
internal sealed class InlineFilter<TSlot>
{
    private readonly MatchPattern _pattern;
    private readonly (RecordElement<TSlot> Element, object? Value)[] _values;
    private readonly RecordElement<TSlot> _any;

    /// <summary>Whether equal values decide, or a matching record has to be looked at whole.</summary>
    private readonly bool _isComplete;

    public InlineFilter(MatchPattern pattern, Func<int, RecordElement<TSlot>> elementAt)
    {
        _pattern = pattern;
        _any = elementAt(0);
        var values = new List<(RecordElement<TSlot>, object?)>();
        bool complete = !pattern.RepeatsVariables;
        for (int i = 0; i < pattern.Elements.Length; i++)
        {
            PatternElement element = pattern.Elements[i];
            complete &= element.Kind != PatternElementKind.Nested;
            if (element.Kind == PatternElementKind.Value)
            {
                values.Add((elementAt(i), element.Value));
            }
        }

        _values = [.. values];
        _isComplete = complete;
    }

    public bool Matches(in TSlot slot)
    {
        foreach ((RecordElement<TSlot> element, object? value) in _values)
        {
            if (value is null ? !element.IsNull(in slot) : !element.Matches(in slot, value))
            {
                return false;
            }
        }

        return _isComplete || _pattern.Matches(_any.Record(in slot));
    }
}
