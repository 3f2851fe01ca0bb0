using System.Runtime.CompilerServices;

namespace SuperCache.Matching;

/// <summary>A match pattern, compiled once for a call.</summary>
/// <remarks>
/// <list type="number">
/// <item>M1: a pattern matches tuples of its own length only.</item>
/// <item>M2: values are compared by run-time type and value; null equals null.</item>
/// <item>M3: a variable that occurs again, at any depth, must meet an equal value.</item>
/// </list>
/// <para>A nested tuple without a placeholder is a value like any other. Source: ETS match patterns.</para>
/// </remarks>
internal sealed class MatchPattern
{
    /// <summary>How deep tuples may be nested in a pattern.</summary>
    public const int MaxDepth = 32;

    private readonly int[] _variables;

    private MatchPattern(PatternElement[] elements, int[] variables, bool repeats)
    {
        Elements = elements;
        _variables = variables;
        RepeatsVariables = repeats;
    }

    public PatternElement[] Elements { get; }

    /// <summary>Whether M3 has anything to check.</summary>
    public bool RepeatsVariables { get; }

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="ArgumentNullException">The pattern is null.</exception>
    /// <exception cref="ArgumentException">The pattern is empty or too deep.</exception>
    public static MatchPattern Compile(ITuple pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.Length == 0)
        {
            throw new ArgumentException("The pattern has 0 elements; it needs at least 1.", nameof(pattern));
        }

        var occurrences = new List<int>();
        PatternElement[] elements = CompileElements(pattern, occurrences, depth: 1);
        return occurrences.Count switch
        {
            0 => new MatchPattern(elements, [], repeats: false),
            1 => new MatchPattern(elements, [occurrences[0]], repeats: false),
            _ => WithVariables(elements, [.. occurrences.Distinct().Order()], occurrences.Count),
        };
    }

    private static MatchPattern WithVariables(PatternElement[] elements, int[] variables, int occurrences) =>
        new(elements, variables, repeats: variables.Length != occurrences);

    /// <summary>Whether the element at a position is a value, and which.</summary>
    public bool TryGetValue(int position, out object? value)
    {
        bool bound = position < Elements.Length && Elements[position].Kind == PatternElementKind.Value;
        value = bound ? Elements[position].Value : null;
        return bound;
    }

    /// <summary>Whether a record matches.</summary>
    public bool Matches(ITuple record) => RepeatsVariables
        ? Matches(record, new object?[_variables.Length], new bool[_variables.Length])
        : Matches(record, null, null);

    /// <summary>The values that a matching record binds, by ascending variable.</summary>
    public object?[] Bind(ITuple record)
    {
        var values = new object?[_variables.Length];
        Matches(record, values, new bool[_variables.Length]);
        return values;
    }

    private static PatternElement[] CompileElements(ITuple pattern, List<int> occurrences, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ArgumentException($"The pattern nests tuples deeper than {MaxDepth} levels.", nameof(pattern));
        }

        var elements = new PatternElement[pattern.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = CompileElement(pattern[i], occurrences, depth);
        }

        return elements;
    }

    private static PatternElement CompileElement(object? element, List<int> occurrences, int depth)
    {
        switch (element)
        {
            case MatchPlaceholder { Number: < 0 }:
                return PatternElement.Any;
            case MatchPlaceholder variable:
                occurrences.Add(variable.Number);
                return PatternElement.Var(variable.Number);
            case ITuple tuple when HasPlaceholder(tuple, depth):
                return PatternElement.Nested(
                    new MatchPattern(CompileElements(tuple, occurrences, depth + 1), [], repeats: false));
            default:
                return PatternElement.Exactly(element);
        }
    }

    private static bool HasPlaceholder(ITuple tuple, int depth)
    {
        for (int i = 0; i < tuple.Length; i++)
        {
            if (tuple[i] is MatchPlaceholder || (tuple[i] is ITuple nested
                && (depth >= MaxDepth || HasPlaceholder(nested, depth + 1))))
            {
                return true;
            }
        }

        return false;
    }

    private bool Matches(ITuple record, object?[]? values, bool[]? isBound) =>
        Matches(Elements, record, values, isBound);

    private bool Matches(PatternElement[] elements, ITuple record, object?[]? values, bool[]? isBound)
    {
        if (record.Length != elements.Length)
        {
            return false;
        }

        for (int i = 0; i < elements.Length; i++)
        {
            PatternElement element = elements[i];
            bool matches = element.Kind switch
            {
                PatternElementKind.Any => true,
                PatternElementKind.Value => Equals(element.Value, record[i]),
                PatternElementKind.Nested => record[i] is ITuple inner
                    && Matches(((MatchPattern)element.Value!).Elements, inner, values, isBound),
                _ => values is null || TryBind(element.Variable, record[i], values, isBound!),
            };
            if (!matches)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryBind(int variable, object? value, object?[] values, bool[] isBound)
    {
        int i = Array.BinarySearch(_variables, variable);
        if (isBound[i])
        {
            return Equals(values[i], value);
        }

        isBound[i] = true;
        values[i] = value;
        return true;
    }
}
