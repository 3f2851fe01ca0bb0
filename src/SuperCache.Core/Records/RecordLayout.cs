using System.Runtime.CompilerServices;

namespace SuperCache.Records;

/// <summary>How records of one type are kept: inline in the table's slots, or boxed.</summary>
/// <remarks>Value tuples of one to seven elements and at most <see cref="MaxInlineBytes"/> are kept inline. Where the
/// runtime cannot build generic code (Native AOT) every record is boxed: slower, the same behaviour.</remarks>
internal static class RecordLayout<TRecord>
{
    public const int MaxInlineBytes = 64;

    private static readonly RecordElement<TRecord>[] Elements =
        Unsafe.SizeOf<TRecord>() <= MaxInlineBytes ? TupleElements<TRecord>.All : [];

    /// <summary>Whether records of this type are stored inline.</summary>
    public static bool IsInline => Elements.Length != 0;

    /// <summary>The number of elements of an inline record type.</summary>
    public static int Arity => Elements.Length;

    /// <summary>The reader of the element at a position below <see cref="Arity"/>.</summary>
    public static RecordElement<TRecord> At(int position) => Elements[position];
}
