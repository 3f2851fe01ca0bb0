using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SuperCache.Records;

/// <summary>The readers of a value tuple's elements, made once for a type.</summary>
internal static class TupleElements<TTuple>
{
    /// <summary>By position; empty for what is no value tuple of one to seven elements, and where the runtime cannot
    /// build generic code.</summary>
    public static readonly RecordElement<TTuple>[] All = Build();

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where dynamic code is supported.")]
    [UnconditionalSuppressMessage(
        "Trimming", "IL2055", Justification = "The element types are those of a tuple in use.")]
    [UnconditionalSuppressMessage(
        "Trimming", "IL2060", Justification = "The offset methods have no annotated parameters.")]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The one constructor is referenced below.")]
    private static RecordElement<TTuple>[] Build()
    {
        Type type = typeof(TTuple);
        bool isOfSystem = type.IsValueType && type.IsGenericType && type.Namespace == nameof(System);
        if (!isOfSystem || !RuntimeFeature.IsDynamicCodeSupported)
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
        var elements = new RecordElement<TTuple>[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            Type element = typeof(RecordElement<,>).MakeGenericType(type, types[i]);
            elements[i] = (RecordElement<TTuple>)Activator.CreateInstance(element, offsets[i])!;
        }

        return elements;
    }
}
