using System.Runtime.CompilerServices;
using SuperCache.Records;

namespace SuperCache.Matching;

/// <summary>A pattern of plain values and different variables, read as it stands to be asked about one
/// record.</summary>
/// <remarks>Compiling a <see cref="MatchPattern"/> pays for many records; for one it costs more than the answer. What
/// is neither plain nor a placeholder, and what M3 would be about, is left to that. The values compared here run no
/// code but the runtime's own.</remarks>
internal readonly ref struct FlatPattern
{
    /// <summary>The most elements of a flat pattern: as many as a record that lies inline can have.</summary>
    public const int MaxLength = TupleOffsets.MaxFlatArity;

    private readonly ITuple _pattern;

    /// <summary>One bit for each position of a value to equal.</summary>
    private readonly int _values;

    /// <summary>By ascending variable.</summary>
    private readonly ReadOnlySpan<Variable> _variables;

    private FlatPattern(ITuple pattern, int values, ReadOnlySpan<Variable> variables)
    {
        _pattern = pattern;
        _values = values;
        _variables = variables;
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="shape">The pattern's.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="known">The position of an element that is known to match.</param>
    /// <param name="room">At least as long as the pattern.</param>
    /// <param name="flat">The pattern as read.</param>
    /// <returns>False if it must be compiled.</returns>
    public static bool TryRead(
        PatternShape shape, ITuple pattern, int known, Span<Variable> room, out FlatPattern flat)
    {
        int values = 0;
        int count = 0;
        flat = default;
        ref byte start = ref shape.StartOf(pattern);
        for (int i = 0; i < shape.Length; i++)
        {
            PatternPart part = shape.PartAt(i);
            if (part == PatternPart.Placeholder)
            {
                int number = shape.Read<MatchPlaceholder>(ref start, i).Number;
                if (number >= 0 && !TryInsert(room, ref count, new Variable(number, i)))
                {
                    return false;
                }
            }
            else if (part == PatternPart.Other
                || (part == PatternPart.Text && shape.Read<string?>(ref start, i) is null))
            {
                return false;
            }
            else if (i != known)
            {
                values |= 1 << i;
            }
        }

        flat = new FlatPattern(pattern, values, room[..count]);
        return true;
    }

    /// <summary>Whether a record of the pattern's length matches.</summary>
    public bool Matches<TContent>(in TContent record)
    {
        for (int rest = _values; rest != 0; rest &= rest - 1)
        {
            int position = int.TrailingZeroCount(rest);
            if (!RecordLayout<TContent>.At(position).Matches(in record, _pattern[position]!))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The values that a matching record binds, by ascending variable.</summary>
    public object?[] Bind<TContent>(in TContent record)
    {
        object?[] values = new object?[_variables.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = RecordLayout<TContent>.At(_variables[i].Position).Box(in record);
        }

        return values;
    }

    /// <summary>Keeps the order of the variables; false when this one is there already.</summary>
    private static bool TryInsert(Span<Variable> variables, ref int count, Variable added)
    {
        int place = count;
        while (place > 0 && variables[place - 1].Number >= added.Number)
        {
            if (variables[--place].Number == added.Number)
            {
                return false;
            }
        }

        if (place < count)
        {
            variables[place..count].CopyTo(variables[(place + 1)..]);
        }

        variables[place] = added;
        count++;
        return true;
    }

    /// <summary>Where a variable stands in the pattern.</summary>
    internal readonly record struct Variable(int Number, int Position);
}
