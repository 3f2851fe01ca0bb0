using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SuperCache.Core.Tests.Model;

/// <summary>Builds tuples of several types and lengths from their elements.</summary>
internal static class RecordBuilder
{
    /// <summary>The number of forms that <see cref="Build"/> knows.</summary>
    public const int Forms = 4;

    private static readonly ConcurrentDictionary<Type, Func<object?[], ITuple>> Makers = new();

    /// <summary>A tuple of one to seven elements.</summary>
    /// <param name="form">0: a value tuple of the elements' own types; 1: of objects; 2: a class tuple; 3: a value tuple with
    /// a nested rest, for which the elements are filled up to eight.</param>
    /// <param name="elements">The elements.</param>
    public static ITuple Build(int form, object?[] elements)
    {
        Type[] objects = [.. elements.Select(_ => typeof(object))];
        switch (form)
        {
            case 0:
                return Make(ValueTupleOf([.. elements.Select(StaticType)]), elements);
            case 1:
                return Make(ValueTupleOf(objects), elements);
            case 2:
                return Make(Type.GetType("System.Tuple`" + elements.Length)!.MakeGenericType(objects), elements);
            default:
                object?[] full = [.. elements, .. Enumerable.Repeat<object?>(0, 7 - elements.Length)];
                return new ValueTuple<object?, object?, object?, object?, object?, object?, object?, ValueTuple<int>>(
                    full[0], full[1], full[2], full[3], full[4], full[5], full[6], new ValueTuple<int>(8));
        }
    }

    /// <summary>Few types, so that a test does not spend its time in the compiler.</summary>
    private static Type StaticType(object? element) =>
        element is int or long or string or Guid or ValueTuple<int, string> ? element.GetType() : typeof(object);

    private static Type ValueTupleOf(Type[] types) => Type.GetType("System.ValueTuple`" + types.Length)!.MakeGenericType(types);

    private static ITuple Make(Type type, object?[] elements) => Makers.GetOrAdd(type, MakerOf)(elements);

    private static Func<object?[], ITuple> MakerOf(Type type)
    {
        System.Reflection.ConstructorInfo constructor = type.GetConstructors()[0];
        var invoker = System.Reflection.ConstructorInvoker.Create(constructor);
        return elements => (ITuple)invoker.Invoke(elements.AsSpan());
    }
}
