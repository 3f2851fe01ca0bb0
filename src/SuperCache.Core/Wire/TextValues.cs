namespace SuperCache.Wire;

/// <summary>The payloads of <see cref="Uri"/> and <see cref="Version"/>.</summary>
internal static class TextValues
{
    /// <summary>Writes whether it is absolute, then the text it was made from.</summary>
    /// <exception cref="UnsupportedValueException">Its text makes another one.</exception>
    public static void WriteUri(ref PayloadWriter writer, Uri? value)
    {
        UriKind kind = value!.IsAbsoluteUri ? UriKind.Absolute : UriKind.Relative;
        if (!Uri.TryCreate(value.OriginalString, kind, out Uri? copy)
            || !copy.Equals(value)
            || (value.IsAbsoluteUri && copy.AbsoluteUri != value.AbsoluteUri))
        {
            throw UnsupportedValue.NotItsText(typeof(Uri));
        }

        writer.WriteBoolean(value.IsAbsoluteUri);
        writer.WriteString(value.OriginalString);
    }

    public static Uri? ReadUri(ref PayloadReader reader)
    {
        UriKind kind = reader.ReadBoolean() ? UriKind.Absolute : UriKind.Relative;
        string? text = reader.ReadString();
        if (reader.Failed || !Uri.TryCreate(text, kind, out Uri? uri))
        {
            reader.Fail(WireReadResult.Malformed);
            return null;
        }

        return uri;
    }

    /// <summary>Writes the four numbers; the last two are -1 where they are not set.</summary>
    public static void WriteVersion(ref PayloadWriter writer, Version? value)
    {
        writer.WriteSigned(value!.Major);
        writer.WriteSigned(value.Minor);
        writer.WriteSigned(value.Build);
        writer.WriteSigned(value.Revision);
    }

    public static Version? ReadVersion(ref PayloadReader reader)
    {
        int major = (int)reader.ReadSigned(0, int.MaxValue);
        int minor = (int)reader.ReadSigned(0, int.MaxValue);
        int build = (int)reader.ReadSigned(-1, int.MaxValue);
        int revision = (int)reader.ReadSigned(-1, build < 0 ? -1 : int.MaxValue);
        return (reader.Failed, build, revision) switch
        {
            (true, _, _) => null,
            (_, < 0, _) => new Version(major, minor),
            (_, _, < 0) => new Version(major, minor, build),
            _ => new Version(major, minor, build, revision),
        };
    }
}
