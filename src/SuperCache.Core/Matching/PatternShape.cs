using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SuperCache.Records;

namespace SuperCache.Matching;

/// <summary>How a pattern's type lays out its elements, so that they are read without boxes.</summary>
/// <remarks>For value tuples as short as records that lie inline; all others are read as
/// <see cref="ITuple"/>s.</remarks>
internal abstract class PatternShape
{
    /// <summary>Types are let go with their assemblies.</summary>
    private static readonly ConditionalWeakTable<Type, PatternShape> Shapes = [];

    /// <summary>The shape that was asked for last: patterns of one type follow each other.</summary>
    private static PatternShape? _last;

    private readonly Type _type;
    private readonly PatternPart[] _parts;
    private readonly nint[] _offsets;

    protected PatternShape(Type type, PatternPart[] parts, nint[] offsets)
    {
        _type = type;
        _parts = parts;
        _offsets = offsets;
    }

    public int Length => _parts.Length;

    /// <summary>The shape of a pattern; null where it has none.</summary>
    public static PatternShape? Of(ITuple? pattern)
    {
        if (pattern is null)
        {
            return null;
        }

        PatternShape? shape = Volatile.Read(ref _last);
        if (shape is null || shape._type != pattern.GetType())
        {
            shape = Shapes.GetValue(pattern.GetType(), Create);
            if (shape.Length != 0 && !pattern.GetType().IsCollectible)
            {
                Volatile.Write(ref _last, shape);
            }
        }

        return shape.Length == 0 ? null : shape;
    }

    /// <summary>What an element's type says of it.</summary>
    public PatternPart PartAt(int position) => _parts[position];

    /// <summary>Reads an element.</summary>
    /// <typeparam name="T">The type that <see cref="PartAt"/> tells.</typeparam>
    /// <param name="start">See <see cref="StartOf"/>.</param>
    /// <param name="position">Which.</param>
    public T Read<T>(ref byte start, int position) =>
        Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref start, _offsets[position]));

    /// <summary>Where a pattern of this shape begins in its box.</summary>
    public abstract ref byte StartOf(ITuple pattern);

    protected static PatternPart PartOf(Type element) => element switch
    {
        _ when element == typeof(MatchPlaceholder) => PatternPart.Placeholder,
        _ when element == typeof(string) => PatternPart.Text,
        _ when element == typeof(int) => PatternPart.Int32,
        _ when element == typeof(long) => PatternPart.Int64,
        _ when element == typeof(Guid) => PatternPart.Guid,
        _ => PatternPart.Other,
    };

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where dynamic code is supported.")]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The one constructor is referenced below.")]
    [UnconditionalSuppressMessage("Trimming", "IL2071", Justification = "The type is that of a tuple in use.")]
    private static PatternShape Create(Type type) => RuntimeFeature.IsDynamicCodeSupported && type.IsValueType
        ? (PatternShape)Activator.CreateInstance(typeof(PatternShape<>).MakeGenericType(type))!
        : new PatternShape<ValueTuple>();
}

/// <inheritdoc/>
internal sealed class PatternShape<TPattern> : PatternShape
    where TPattern : struct
{
    public PatternShape()
        : base(
            typeof(TPattern),
            [.. Elements().Select(element => PartOf(element.Type))],
            [.. Elements().Select(element => element.Offset)])
    {
    }

    private static IEnumerable<RecordElement<TPattern>> Elements() =>
        Enumerable.Range(0, RecordLayout<TPattern>.Arity).Select(RecordLayout<TPattern>.At);

    public override ref byte StartOf(ITuple pattern) =>
        ref Unsafe.As<TPattern, byte>(ref Unsafe.Unbox<TPattern>(pattern));
}

/// <summary>What the type of a pattern's element says of it.</summary>
internal enum PatternPart
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>A <see cref="MatchPlaceholder"/>.</summary>
    Placeholder,

    /// <summary>A string, or null.</summary>
    Text,
    Int32,
    Int64,
    Guid,
}
