using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SuperCache.Wire;

/// <summary>Makes the codec of a composed type from the codecs of its parts.</summary>
/// <remarks>The one place where generic types are closed. It answers null for a type that cannot be, or may not
/// travel: an argument that breaks a constraint, a descriptor above its limits, a nullable too large, or a runtime
/// without dynamic code.</remarks>
internal static class CodecFactory
{
    /// <summary>The elements of the largest tuple, its rest counted as one.</summary>
    public const int MaxArity = 8;

    private static readonly Type[] ValueTuples =
    [
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
        typeof(ValueTuple<,,,,>), typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>), typeof(ValueTuple<,,,,,,,>),
    ];

    private static readonly Type[] Tuples =
    [
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>),
        typeof(Tuple<,,,,>), typeof(Tuple<,,,,,>), typeof(Tuple<,,,,,,>), typeof(Tuple<,,,,,,,>),
    ];

    private static readonly Type[] ValueTupleCodecs =
    [
        typeof(ValueTupleCodec<>), typeof(ValueTupleCodec<,>), typeof(ValueTupleCodec<,,>),
        typeof(ValueTupleCodec<,,,>),
        typeof(ValueTupleCodec<,,,,>), typeof(ValueTupleCodec<,,,,,>), typeof(ValueTupleCodec<,,,,,,>),
        typeof(ValueTupleCodec<,,,,,,,>),
    ];

    private static readonly Type[] TupleCodecs =
    [
        typeof(TupleCodec<>), typeof(TupleCodec<,>), typeof(TupleCodec<,,>), typeof(TupleCodec<,,,>),
        typeof(TupleCodec<,,,,>), typeof(TupleCodec<,,,,,>), typeof(TupleCodec<,,,,,,>), typeof(TupleCodec<,,,,,,,>),
    ];

    /// <summary>What a composed type is made of: its code and its parts; no code when it is not composed.</summary>
    public static WireTypeCode? Decompose(Type type, out Type[] parts)
    {
        if (type.IsSZArray)
        {
            parts = [type.GetElementType()!];
            return WireTypeCode.Array;
        }

        parts = type.IsConstructedGenericType ? type.GetGenericArguments() : [];
        Type? definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : null;
        if (definition is null)
        {
            return type == typeof(ValueTuple) ? WireTypeCode.ValueTuple : null;
        }

        if (definition == typeof(Nullable<>))
        {
            return WireTypeCode.Nullable;
        }

        if (definition == typeof(List<>))
        {
            return WireTypeCode.List;
        }

        bool isValueTuple = ValueTuples.Contains(definition);
        return isValueTuple ? WireTypeCode.ValueTuple : Tuples.Contains(definition) ? WireTypeCode.Tuple : null;
    }

    /// <summary>Whether a type travels, or would if its parts did, without being registered.</summary>
    public static bool IsBuiltIn(Type type) =>
        type == typeof(object) || Decompose(type, out _) is not null || Scalars.All.Any(codec => codec.Type == type);

    /// <summary>Makes the codec; null when there is none.</summary>
    public static ValueCodec? Compose(WireTypeCode code, ValueCodec[] parts)
    {
        if (code == WireTypeCode.ValueTuple && parts.Length == 0)
        {
            return EmptyTuple();
        }

        if (parts.Length == 0 || !RuntimeFeature.IsDynamicCodeSupported)
        {
            return null;
        }

        Type? definition = code switch
        {
            WireTypeCode.Nullable => MayBeNullable(parts[0]) ? typeof(NullableCodec<>) : null,
            WireTypeCode.Array => parts[0].Type == typeof(byte) ? null : typeof(ArrayCodec<>),
            WireTypeCode.List => typeof(ListCodec<>),
            WireTypeCode.ValueTuple =>
                IsSmall(parts) && HasRest(parts, ValueTuples) ? ValueTupleCodecs[parts.Length - 1] : null,
            WireTypeCode.Tuple => HasRest(parts, Tuples) ? TupleCodecs[parts.Length - 1] : null,
            _ => null,
        };
        return definition is null ? null : Close(definition, parts);
    }

    private static ScalarCodec<ValueTuple> EmptyTuple() => new(
        TypeDescriptor.Tuple(WireTypeCode.ValueTuple),
        1,
        static (ref writer, _) => writer.WriteNil(),
        static (ref reader) =>
        {
            if (!reader.TryReadNil())
            {
                reader.Fail(WireReadResult.Malformed);
            }

            return default;
        });

    private static bool MayBeNullable(ValueCodec inner) =>
        inner.Type.IsValueType
        && Nullable.GetUnderlyingType(inner.Type) is null
        && inner.MemoryBytes < WireLimits.MaxNullableBytes;

    private static bool IsSmall(ValueCodec[] parts) => parts.Sum(part => part.MemoryBytes) <= WireLimits.MaxTupleBytes;

    /// <summary>Whether an eighth element, if there is one, is itself such a tuple.</summary>
    private static bool HasRest(ValueCodec[] parts, Type[] definitions)
    {
        if (parts.Length < MaxArity)
        {
            return true;
        }

        Type rest = parts[^1].Type;
        return rest.IsConstructedGenericType && definitions.Contains(rest.GetGenericTypeDefinition());
    }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where dynamic code is supported.")]
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "No codec has annotated type parameters.")]
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "A codec's one constructor is kept with it.")]
    private static ValueCodec? Close(Type definition, ValueCodec[] parts)
    {
        Type codec = definition.MakeGenericType(Array.ConvertAll(parts, part => part.Type));
        var made = (ValueCodec)Activator.CreateInstance(codec, [.. parts])!;
        return made.Descriptor.IsWithinLimits ? made : null;
    }
}
