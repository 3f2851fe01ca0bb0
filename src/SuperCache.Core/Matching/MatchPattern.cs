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

    /// <summary>No element is known to match.</summary>
    public const int NoPosition = -1;

    /// <summary>What stands for a variable that no value was bound to yet, where it matters.</summary>
    private static readonly object Unbound = new();

    /// <summary>Ascending.</summary>
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

    /// <summary>Whether comparing may run code that is not the runtime's own.</summary>
    public bool MayThrow => RepeatsVariables || Array.Exists(Elements, element =>
        element.Kind == PatternElementKind.Nested
        || (element.Kind == PatternElementKind.Value && element.Value is { } value && !IsPlain(value)));

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

        Occurrences occurrences = default;
        PatternElement[] elements = CompileElements(pattern, ref occurrences, depth: 1);
        int[] variables = occurrences.Variables();
        return new MatchPattern(elements, variables, repeats: variables.Length != occurrences.Count);
    }

    /// <summary>Whether the element at a position is a value, and which.</summary>
    public bool TryGetValue(int position, out object? value)
    {
        bool bound = position < Elements.Length && Elements[position].Kind == PatternElementKind.Value;
        value = bound ? Elements[position].Value : null;
        return bound;
    }

    /// <summary>Whether a record matches.</summary>
    public bool Matches(ITuple record) => RepeatsVariables
        ? Bind(record) is not null
        : Matches(Elements, record, null, NoPosition);

    /// <summary>The values that a matching record binds, by ascending variable; null when it does not match.</summary>
    /// <param name="record">The record.</param>
    /// <param name="known">The position of an element that is known to match; none by default.</param>
    public object?[]? Bind(ITuple record, int known = NoPosition)
    {
        var values = new object?[_variables.Length];
        if (RepeatsVariables)
        {
            Array.Fill(values, Unbound);
        }

        return Matches(Elements, record, values, known) ? values : null;
    }

    /// <summary>The record if it matches.</summary>
    /// <inheritdoc cref="Bind" path="/param"/>
    public ITuple? Select(ITuple record, int known = NoPosition)
    {
        bool matches = RepeatsVariables ? Bind(record, known) is not null : Matches(Elements, record, null, known);
        return matches ? record : null;
    }

    private static PatternElement[] CompileElements(ITuple pattern, ref Occurrences occurrences, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ArgumentException($"The pattern nests tuples deeper than {MaxDepth} levels.", nameof(pattern));
        }

        var elements = new PatternElement[pattern.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = CompileElement(pattern[i], ref occurrences, depth);
        }

        return elements;
    }

    private static PatternElement CompileElement(object? element, ref Occurrences occurrences, int depth)
    {
        switch (element)
        {
            case { } plain when IsPlain(plain):
                return PatternElement.Exactly(plain);
            case MatchPlaceholder { Number: < 0 }:
                return PatternElement.Any;
            case MatchPlaceholder variable:
                occurrences.Add(variable.Number);
                return PatternElement.Var(variable.Number);
            case ITuple tuple when HasPlaceholder(tuple, depth):
                return PatternElement.Nested(
                    new MatchPattern(CompileElements(tuple, ref occurrences, depth + 1), [], repeats: false));
            default:
                return PatternElement.Exactly(element);
        }
    }

    /// <summary>Whether an element is surely no tuple and no placeholder, told by its type alone: numbers have so many
    /// interfaces that it takes long to say that <see cref="ITuple"/> is none of them.</summary>
    public static bool IsPlain(object element) => element is string or int or long or Guid;

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

    private bool Matches(PatternElement[] elements, ITuple record, object?[]? values, int known)
    {
        if (record.Length != elements.Length)
        {
            return false;
        }

        for (int i = 0; i < elements.Length; i++)
        {
            ref readonly PatternElement element = ref elements[i];
            bool matches = element.Kind switch
            {
                PatternElementKind.Any => true,
                PatternElementKind.Value => i == known || Equals(element.Value, record[i]),
                PatternElementKind.Nested => record[i] is ITuple inner
                    && Matches(((MatchPattern)element.Value!).Elements, inner, values, NoPosition),
                _ => values is null || TryBind(element.Variable, record[i], values),
            };
            if (!matches)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryBind(int variable, object? value, object?[] values)
    {
        int i = values.Length == 1 ? 0 : Array.BinarySearch(_variables, variable);
        if (RepeatsVariables && values[i] != Unbound)
        {
            return Equals(values[i], value);
        }

        values[i] = value;
        return true;
    }

    /// <summary>The variables of a pattern that is being compiled; a list of them only where they are many.</summary>
    private struct Occurrences
    {
        private static readonly int[] None = [];
        private static readonly int[] First = [0];

        /// <summary>One bit for each variable below 64.</summary>
        private ulong _small;
        private SortedSet<int>? _large;

        public int Count { get; private set; }

        public void Add(int variable)
        {
            Count++;
            if (variable < 64)
            {
                _small |= 1UL << variable;
            }
            else
            {
                (_large ??= []).Add(variable);
            }
        }

        /// <summary>Each once, ascending.</summary>
        public readonly int[] Variables()
        {
            if (_small <= 1 && _large is null)
            {
                return _small == 0 ? None : First;
            }

            ulong small = _small;
            return [.. Enumerable.Range(0, 64).Where(n => (small >> n & 1) != 0), .. _large ?? []];
        }
    }
}
