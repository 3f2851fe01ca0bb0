using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SuperCache.Records;

/// <summary>How records of one type are kept: inline in the table's slots, or boxed.</summary>
/// <remarks>Value tuples of one to seven elements and at most <see cref="MaxInlineBytes"/> are kept inline. Where the
/// runtime cannot build generic code (Native AOT) every record is boxed: slower, the same behaviour.</remarks>
internal static class RecordLayout<TRecord>
{
    public const int MaxInlineBytes = 64;

    private static readonly RecordElement<TRecord>[] Elements = Build();

    /// <summary>Whether records of this type are stored inline.</summary>
    public static bool IsInline => Elements.Length != 0;

    /// <summary>The number of elements of an inline record type.</summary>
    public static int Arity => Elements.Length;

    /// <summary>The reader of the element at a position below <see cref="Arity"/>.</summary>
    public static RecordElement<TRecord> At(int position) => Elements[position];

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where dynamic code is supported.")]
    [UnconditionalSuppressMessage(
        "Trimming", "IL2055", Justification = "The element types are those of a tuple in use.")]
    [UnconditionalSuppressMessage(
        "Trimming", "IL2060", Justification = "The offset methods have no annotated parameters.")]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The one constructor is referenced below.")]
    private static RecordElement<TRecord>[] Build()
    {
        Type type = typeof(TRecord);
        bool fits = type.IsValueType && type.IsGenericType && Unsafe.SizeOf<TRecord>() <= MaxInlineBytes;
        if (!fits || type.Namespace != nameof(System) || !RuntimeFeature.IsDynamicCodeSupported)
        {
            return [];
        }

        Type[] types = type.GetGenericArguments();
        if (types.Length > TupleOffsets.MaxFlatArity
            || !type.Name.StartsWith(nameof(ValueTuple), StringComparison.Ordinal))
        {
            return [];
        }

        MethodInfo offsetsOf = typeof(TupleOffsets).GetMethod("Of" + types.Length)!.MakeGenericMethod(types);
        nint[] offsets = (nint[])offsetsOf.Invoke(null, null)!;
        var elements = new RecordElement<TRecord>[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            Type element = typeof(RecordElement<,>).MakeGenericType(type, types[i]);
            elements[i] = (RecordElement<TRecord>)Activator.CreateInstance(element, offsets[i])!;
        }

        return elements;
    }
}
