using System.Runtime.CompilerServices;

namespace SuperCache.Records;

/// <summary>The total order of keys in an ordered set: by the rank of their type, then by value.</summary>
/// <remarks>
/// <para>
/// Ranks, ascending: bool, char, sbyte, byte, short, ushort, int, uint, long, ulong, Int128, UInt128, Half, float,
/// double, decimal,
/// DateTime, DateTimeOffset, DateOnly, TimeOnly, TimeSpan, Guid, string, Version, tuples, then every other
/// <see cref="IComparable"/> type by its full name. Strings compare by ordinal; tuples by length, then element by
/// element.
/// </para>
/// <para>Two keys compare equal exactly when they are equal by run-time type and value, as long as the type's own
/// <see cref="IComparable.CompareTo"/> agrees with its equality.</para>
/// </remarks>
internal static class KeyOrder
{
    private const int TupleRank = 100;
    private const int OtherRank = 101;

    private static readonly Dictionary<Type, int> Ranks = new[]
    {
        typeof(bool), typeof(
            char), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint),
        typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128), typeof(Half), typeof(float), typeof(double),
        typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Guid), typeof(string), typeof(Version),
    }.Select((type, rank) => (type, rank)).ToDictionary(pair => pair.type, pair => pair.rank);

    /// <summary>Compares a key that is looked for with a stored one; allocates nothing unless they are tuples of
    /// different types.</summary>
    public static int Compare<TKey>(TKey key, object stored)
    {
        if (typeof(TKey).IsValueType && stored is TKey same)
        {
            return CompareSame(key, same);
        }

        if (typeof(TKey).IsValueType && Rank<TKey>.Value != TupleRank)
        {
            int order = Rank<TKey>.Value.CompareTo(RankOf(stored));
            return order != 0 ? order : CompareNames(Rank<TKey>.Type, stored.GetType());
        }

        if (typeof(TKey).IsValueType && RankOf(stored) != TupleRank)
        {
            return TupleRank.CompareTo(RankOf(stored));
        }

        return key is string text && stored is string other
            ? string.CompareOrdinal(text, other) : CompareObjects(key!, stored);
    }

    /// <summary>Refuses a key that has no place in the order.</summary>
    /// <exception cref="ArgumentException">The key's type, or that of a tuple's element, is not comparable.</exception>
    public static void ThrowIfUnordered(object? key)
    {
        if (key is ITuple tuple)
        {
            for (int i = 0; i < tuple.Length; i++)
            {
                ThrowIfUnordered(tuple[i]);
            }
        }
        else if (key is not (null or IComparable))
        {
            throw new ArgumentException(
                $"A key of an ordered set is a {key.GetType()}, which is not comparable; "
                + "use a type that implements IComparable.");
        }
    }

    private static int CompareSame<TKey>(TKey left, TKey right)
    {
        if (RecordLayout<TKey>.IsInline)
        {
            for (int i = 0; i < RecordLayout<TKey>.Arity; i++)
            {
                int order = RecordLayout<TKey>.At(i).Compare(in left, in right);
                if (order != 0)
                {
                    return order;
                }
            }

            return 0;
        }

        return left is ITuple ? CompareObjects(left, right!) : Comparer<TKey>.Default.Compare(left, right);
    }

    /// <summary>Compares two elements of one static type.</summary>
    public static int CompareElements<T>(T left, T right) => typeof(T).IsValueType
        ? CompareSame(left, right)
        : CompareObjects(left, right);

    private static int CompareObjects(object? left, object? right)
    {
        if (left is null || right is null)
        {
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        }

        if (left is string leftText && right is string rightText)
        {
            return string.CompareOrdinal(leftText, rightText);
        }

        int leftRank = RankOf(left);
        int rightRank = RankOf(right);
        if (leftRank != rightRank)
        {
            return leftRank.CompareTo(rightRank);
        }

        return leftRank switch
        {
            TupleRank => CompareTuples((ITuple)left, (ITuple)right),
            OtherRank when left.GetType() != right.GetType() => CompareNames(left.GetType(), right.GetType()),
            _ => ((IComparable)left).CompareTo(right),
        };
    }

    private static int CompareTuples(ITuple left, ITuple right)
    {
        int order = left.Length.CompareTo(right.Length);
        for (int i = 0; order == 0 && i < left.Length; i++)
        {
            order = CompareObjects(left[i], right[i]);
        }

        // Tuples of different types with equal elements are different keys.
        return order != 0 || left.GetType() == right.GetType() ? order : CompareNames(left.GetType(), right.GetType());
    }

    private static int CompareNames(Type left, Type right)
    {
        int order = string.CompareOrdinal(left.FullName, right.FullName);
        return order != 0 ? order : string.CompareOrdinal(left.AssemblyQualifiedName, right.AssemblyQualifiedName);
    }

    private static int RankOf(object key) => key is ITuple ? TupleRank : RankOf(key.GetType());

    private static int RankOf(Type type) => Ranks.GetValueOrDefault(type, OtherRank);

    /// <summary>A nullable type is that of its values.</summary>
    private static class Rank<TKey>
    {
        public static readonly Type Type = Nullable.GetUnderlyingType(typeof(TKey)) ?? typeof(TKey);
        public static readonly int Value = Type.IsAssignableTo(typeof(ITuple)) ? TupleRank : RankOf(Type);
    }
}
