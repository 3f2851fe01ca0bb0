using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SuperCache.Replication.Operations;

/// <summary>Tells the types whose values are nothing but what they hold: they never change, equal values hold the same,
/// and comparing them throws nothing.</summary>
/// <remarks>So such a value and another that was read from its bytes are one to every comparison. Arrays, lists and the
/// application's own types need not keep to that.</remarks>
internal static class PlainTypes
{
    private static readonly ConcurrentDictionary<Type, bool> Known = new();

    private static readonly Type[] Scalars =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(Half), typeof(Int128), typeof(UInt128), typeof(DateTime),
        typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Uri), typeof(Version),
        typeof(ValueTuple),
    ];

    /// <summary>Whether all values of a type that is declared so are plain.</summary>
    public static bool Is(Type type) => Known.GetOrAdd(type, Decide);

    /// <summary>Whether a value is plain; null is.</summary>
    public static bool Is(object? value) => value is null or string or int or long or Guid || Is(value.GetType());

    /// <summary>The element types of a tuple type in their order; none where its name does not tell them.</summary>
    public static List<Type> ElementsOf(Type tuple)
    {
        var elements = new List<Type>();
        while (IsTuple(tuple))
        {
            Type[] parts = tuple.GetGenericArguments();
            elements.AddRange(parts.Length < 8 ? parts : parts[..7]);
            tuple = parts.Length < 8 ? typeof(void) : parts[7];
        }

        return elements;
    }

    private static bool Decide(Type type) =>
        type.IsPrimitive
        || type.IsEnum
        || Scalars.Contains(type)
        || (Nullable.GetUnderlyingType(type) is { } inner ? Is(inner) : IsTuple(type))
            && Array.TrueForAll(type.GetGenericArguments(), Is);

    private static bool IsTuple(Type type) =>
        type.IsConstructedGenericType
        && type.Assembly == typeof(ITuple).Assembly
        && typeof(ITuple).IsAssignableFrom(type);
}

/// <summary>What <see cref="PlainTypes"/> tells of the elements of one record type.</summary>
internal static class PlainElements<TRecord>
    where TRecord : ITuple
{
    private static readonly bool[] Plain = [.. PlainTypes.ElementsOf(typeof(TRecord)).Select(PlainTypes.Is)];

    /// <summary>Elements that are not plain by their declared type, which is a value type: they hold others.</summary>
    private static readonly bool HoldsOthers = PlainTypes.ElementsOf(typeof(TRecord))
        .Exists(type => type.IsValueType && !PlainTypes.Is(type));

    private static readonly bool IsAllPlain = Plain.Length > 0 && Array.TrueForAll(Plain, isPlain => isPlain);

    /// <summary>How many elements are not plain, where the declared types tell; else -1.</summary>
    private static readonly int Others = CountOthers();

    /// <summary>Whether the element at a position is plain; looks at its value only where the type does not
    /// tell.</summary>
    public static bool Is(in TRecord record, int position) =>
        (position < Plain.Length && Plain[position]) || PlainTypes.Is(record[position]);

    /// <summary>Whether comparing a record with another may run code that is not the runtime's own: arrays are equal
    /// only to themselves.</summary>
    public static bool MayThrow(in TRecord record)
    {
        for (int i = 0; !IsAllPlain && i < record.Length; i++)
        {
            if (!Is(in record, i) && record[i] is not Array)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether nobody can tell a record from one that was read from its bytes, as long as it is only found by
    /// its key and by patterns.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isCompared">Whether records are also compared with one another.</param>
    /// <remarks>One array cannot be told from a copy of it; of two, a pattern can tell whether they are
    /// one.</remarks>
    public static bool IsLikeItsCopy(in TRecord record, bool isCompared)
    {
        if (IsAllPlain)
        {
            return true;
        }

        if (isCompared || HoldsOthers || Plain.Length != record.Length)
        {
            return false;
        }

        if (Others >= 0)
        {
            return Others < 2;
        }

        int others = 0;
        for (int i = 0; i < Plain.Length; i++)
        {
            object? value = Plain[i] ? null : record[i];
            if (!PlainTypes.Is(value))
            {
                others += value is ITuple ? 2 : 1;
            }
        }

        return others < 2;
    }

    private static int CountOthers()
    {
        Type[] others = [.. PlainTypes.ElementsOf(typeof(TRecord)).Where(type => !PlainTypes.Is(type))];
        return Array.TrueForAll(others, type => type.IsSealed && !typeof(ITuple).IsAssignableFrom(type))
            ? others.Length : -1;
    }
}
