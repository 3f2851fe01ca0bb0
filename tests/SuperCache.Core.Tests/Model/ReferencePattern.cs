using System.Runtime.CompilerServices;

namespace SuperCache.Core.Tests.Model;

/// <summary>What a pattern matches and binds, said as plainly as possible.</summary>
internal static class ReferencePattern
{
    /// <summary>The bindings of a record, by ascending variable, or null when it does not match.</summary>
    public static object?[]? Match(ITuple pattern, ITuple record)
    {
        var bound = new SortedDictionary<int, object?>();
        return Matches(pattern, record, bound) ? [.. bound.Values] : null;
    }

    public static bool HasPlaceholder(object? element) => element is MatchPlaceholder || (element is ITuple tuple && Elements(tuple).Any(HasPlaceholder));

    private static bool Matches(ITuple pattern, ITuple record, SortedDictionary<int, object?> bound) =>
        pattern.Length == record.Length && Elements(pattern).Zip(Elements(record)).All(pair => Matches(pair.First, pair.Second, bound));

    private static bool Matches(object? element, object? value, SortedDictionary<int, object?> bound)
    {
        if (element is MatchPlaceholder placeholder)
        {
            // "_" matches anything; "$n" whatever it has met before.
            string name = placeholder.ToString();
            return name == "_" || bound.TryAdd(int.Parse(name[1..]), value) || Equals(bound[int.Parse(name[1..])], value);
        }

        return element is ITuple nested && HasPlaceholder(nested)
            ? value is ITuple inner && Matches(nested, inner, bound)
            : Equals(element, value);
    }

    private static IEnumerable<object?> Elements(ITuple tuple) => Enumerable.Range(0, tuple.Length).Select(i => tuple[i]);
}
