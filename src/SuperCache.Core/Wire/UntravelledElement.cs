using System.Runtime.CompilerServices;

namespace SuperCache.Wire;

/// <summary>Finds the element that keeps a record from travelling; asked only once writing it has failed.</summary>
internal static class UntravelledElement
{
    /// <summary>Names the first such element by its 0-based position, or the record when no single element is at
    /// fault.</summary>
    public static string Place(CodecTable codecs, ITuple record)
    {
        Type[] declared = DeclaredTypes(record.GetType());
        for (int i = 0; i < record.Length; i++)
        {
            if ((i < declared.Length && codecs.Of(declared[i]) is null) || !Travels(codecs, record[i]))
            {
                return $"Element {i} of the record, a {record[i]?.GetType() ?? declared[i]},";
            }
        }

        return $"The record, a {record.GetType()},";
    }

    private static bool Travels(CodecTable codecs, object? element)
    {
        using var scratch = new WireBuffer();
        var writer = new PayloadWriter(scratch, codecs);
        try
        {
            // The record around the element counts as a level too.
            writer.Enter();
            codecs.Objects.Write(ref writer, element);
            return true;
        }
        catch (UnsupportedValueException)
        {
            return false;
        }
    }

    /// <summary>The declared types of a tuple's elements, the rest of a long tuple laid flat; none for other
    /// records.</summary>
    private static Type[] DeclaredTypes(Type record)
    {
        if (CodecFactory.Decompose(record, out Type[] parts) is not (WireTypeCode.ValueTuple or WireTypeCode.Tuple))
        {
            return [];
        }

        bool hasRest = parts.Length == CodecFactory.MaxArity;
        return hasRest ? [.. parts[..^1], .. DeclaredTypes(parts[^1])] : parts;
    }
}
