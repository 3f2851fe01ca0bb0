using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SuperCache.Records;

/// <summary>Writes a value as bytes that are equal for equal values: a <see cref="CanonicalType"/>, then the
/// content.</summary>
/// <remarks>
/// <para>Not the wire's form, which keeps what equality overlooks: the scale of a decimal, the kind of a time.</para>
/// <para>What a value is declared as makes no difference to the bytes. For a value type the compiler leaves one branch
/// of all the tests here, and boxes nothing; nor do the elements of a <see cref="TupleElements{TTuple}"/>.</para>
/// </remarks>
internal readonly ref struct CanonicalBytes(ArrayBufferWriter<byte> output, IRegisteredTypes registered)
{
    private const int MaxDepth = 64;
    private const int SignBit = int.MinValue;

    /// <summary>Bytes before the units of a string.</summary>
    public const int TextHeaderSize = sizeof(CanonicalType) + sizeof(int);

    /// <exception cref="UnsupportedValueException">The value, or one in it, is of a type that does not
    /// travel.</exception>
    public void Write<T>(T value) => Write(value, MaxDepth);

    /// <summary>Writes an element, within so many that may be nested in one another.</summary>
    public void Write<T>(T value, int depth)
    {
        if (depth == 0)
        {
            throw UnsupportedValue.TooDeep(MaxDepth);
        }

        if (value is null)
        {
            Tag(CanonicalType.Null);
        }
        else if (!TryTuple(in value, depth) && !TryScalar(value))
        {
            WriteObject(value, depth);
        }
    }

    private void WriteObject(object value, int depth)
    {
        if (!TryMany(value, depth))
        {
            Tag(CanonicalType.Registered);
            if (!registered.TryWrite(value, output))
            {
                throw UnsupportedValue.UnknownType(value.GetType());
            }
        }
    }

    private bool TryScalar<T>(T value) =>
        TryInteger(value) || TryFraction(value) || TryTime(value) || TryText(value);

    private bool TryInteger<T>(T value)
    {
        switch (value)
        {
            case bool v: Number(CanonicalType.Boolean, v ? 1 : 0, sizeof(bool)); break;
            case sbyte v: Number(CanonicalType.SByte, v, sizeof(sbyte)); break;
            case byte v: Number(CanonicalType.Byte, v, sizeof(byte)); break;
            case short v: Number(CanonicalType.Int16, v, sizeof(short)); break;
            case ushort v: Number(CanonicalType.UInt16, v, sizeof(ushort)); break;
            case int v: Number(CanonicalType.Int32, v, sizeof(int)); break;
            case uint v: Number(CanonicalType.UInt32, v, sizeof(uint)); break;
            case long v: Number(CanonicalType.Int64, v, sizeof(long)); break;
            case ulong v: Number(CanonicalType.UInt64, (Int128)v, sizeof(ulong)); break;
            case Int128 v: Number(CanonicalType.Int128, v, Unsafe.SizeOf<Int128>()); break;
            case UInt128 v: Number(CanonicalType.UInt128, unchecked((Int128)v), Unsafe.SizeOf<UInt128>()); break;
            case char v: Number(CanonicalType.Char, v, sizeof(char)); break;
            default: return false;
        }

        return true;
    }

    private bool TryFraction<T>(T value)
    {
        switch (value)
        {
            case Half v: Number(CanonicalType.Half, BitConverter.HalfToInt16Bits(OneOf(v)), sizeof(short)); break;
            case float v: Number(CanonicalType.Single, BitConverter.SingleToInt32Bits(OneOf(v)), sizeof(int)); break;
            case double v: Number(CanonicalType.Double, BitConverter.DoubleToInt64Bits(OneOf(v)), sizeof(long)); break;
            case decimal v: Decimal(v); break;
            default: return false;
        }

        return true;
    }

    private bool TryTime<T>(T value)
    {
        switch (value)
        {
            case DateTime v: Number(CanonicalType.DateTime, v.Ticks, sizeof(long)); break;
            case DateTimeOffset v: Number(CanonicalType.DateTimeOffset, v.UtcTicks, sizeof(long)); break;
            case DateOnly v: Number(CanonicalType.DateOnly, v.DayNumber, sizeof(int)); break;
            case TimeOnly v: Number(CanonicalType.TimeOnly, v.Ticks, sizeof(long)); break;
            case TimeSpan v: Number(CanonicalType.TimeSpan, v.Ticks, sizeof(long)); break;
            default: return false;
        }

        return true;
    }

    private bool TryText<T>(T value)
    {
        switch (value)
        {
            case string v: Text(CanonicalType.String, v); break;
            case byte[] v: Bytes(CanonicalType.Bytes, v); break;
            case Guid v:
                Tag(CanonicalType.Guid);
                v.TryWriteBytes(output.GetSpan(Unsafe.SizeOf<Guid>()));
                output.Advance(Unsafe.SizeOf<Guid>());
                break;
            case Uri v when v.GetType() == typeof(Uri): Text(CanonicalType.Uri, OneOf(v)); break;
            case Version v:
                Tag(CanonicalType.Version);
                Number(v.Major, sizeof(int));
                Number(v.Minor, sizeof(int));
                Number(v.Build, sizeof(int));
                Number(v.Revision, sizeof(int));
                break;
            default: return false;
        }

        return true;
    }

    /// <summary>Writes a value tuple that is declared as one. Asked first: the compiler shares its code among tuples
    /// that hold references, and so cannot leave out the other tests, which then box it.</summary>
    private bool TryTuple<T>(in T value, int depth)
    {
        if (!typeof(T).IsValueType || TupleElements<T>.All is not { Length: > 0 } elements)
        {
            return false;
        }

        Tag(CanonicalType.ValueTuple);
        Number(elements.Length, sizeof(int));
        foreach (RecordElement<T> element in elements)
        {
            element.Write(in value, in this, depth - 1);
        }

        return true;
    }

    private bool TryMany(object value, int depth)
    {
        Type type = value.GetType();
        if (type.IsSZArray)
        {
            Items(CanonicalType.Array, (IList)value, depth);
            return true;
        }

        if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
        {
            Items(CanonicalType.List, (IList)value, depth);
            return true;
        }

        if (value is not ITuple tuple || type.Assembly != typeof(ITuple).Assembly)
        {
            return false;
        }

        Tag(type.IsValueType ? CanonicalType.ValueTuple : CanonicalType.Tuple);
        Number(tuple.Length, sizeof(int));
        for (int i = 0; i < tuple.Length; i++)
        {
            Write(tuple[i], depth - 1);
        }

        return true;
    }

    /// <summary>One of all that are equal to a number: 0 for -0, one NaN for every NaN.</summary>
    private static T OneOf<T>(T value)
        where T : IFloatingPointIeee754<T> =>
        T.IsZero(value) ? T.Zero : T.IsNaN(value) ? T.NaN : value;

    /// <summary>One text of all that <see cref="Uri"/> finds equal: it overlooks the fragment, the user, the case of
    /// the host and, in what may be a file's path, the case of the path.</summary>
    /// <exception cref="UnsupportedValueException">It was made so that it has no such text.</exception>
    private static string OneOf(Uri uri)
    {
        if (!uri.IsAbsoluteUri)
        {
            return uri.OriginalString;
        }

        try
        {
            return uri.GetComponents(UriComponents.HttpRequestUrl, UriFormat.SafeUnescaped).ToUpperInvariant();
        }
        catch (InvalidOperationException)
        {
            // Its path is not to be made canonical.
            throw UnsupportedValue.NotItsText(typeof(Uri));
        }
    }

    /// <summary>Writes the sign, the scale and the digits without zeros at their end.</summary>
    private void Decimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var digits = new UInt128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        int scale = (parts[3] & ~SignBit) >> 16;
        while (scale > 0 && digits % 10 == 0)
        {
            digits /= 10;
            scale--;
        }

        bool isNegative = parts[3] < 0 && digits != 0;
        Number(CanonicalType.Decimal, isNegative ? -(Int128)digits : (Int128)digits, Unsafe.SizeOf<Int128>());
        Number(scale, sizeof(byte));
    }

    private void Items(CanonicalType type, IList items, int depth)
    {
        Tag(type);
        Number(items.Count, sizeof(int));
        foreach (object? item in items)
        {
            Write(item, depth - 1);
        }
    }

    private void Text(CanonicalType type, string text)
    {
        Tag(type);
        Number(text.Length, sizeof(int));
        int length = text.Length * sizeof(char);
        Span<byte> target = output.GetSpan(length);
        for (int i = 0; i < text.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[(i * sizeof(char))..], text[i]);
        }

        output.Advance(length);
    }

    private void Bytes(CanonicalType type, byte[] bytes)
    {
        Tag(type);
        Number(bytes.Length, sizeof(int));
        output.Write(bytes);
    }

    private void Tag(CanonicalType type) => Number((byte)type, sizeof(CanonicalType));

    private void Number(CanonicalType type, Int128 value, int size)
    {
        Tag(type);
        Number(value, size);
    }

    /// <summary>Writes the lowest bytes of a number, little endian.</summary>
    private void Number(Int128 value, int size)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt128LittleEndian(bytes, value);
        output.Write(bytes[..size]);
    }
}
