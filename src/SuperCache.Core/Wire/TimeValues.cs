namespace SuperCache.Wire;

/// <summary>The payloads of dates and times.</summary>
internal static class TimeValues
{
    private const int KindShift = 62;
    private const ulong TicksMask = (1UL << KindShift) - 1;
    private const int MaxOffsetMinutes = 14 * 60;

    /// <summary>Writes the kind in the two highest bits and the ticks below; a local time stays the same local
    /// time.</summary>
    public static void WriteDateTime(ref PayloadWriter writer, DateTime value) =>
        writer.WriteUnsigned(((ulong)value.Kind << KindShift) | (ulong)value.Ticks);

    public static DateTime ReadDateTime(ref PayloadReader reader)
    {
        ulong bits = reader.ReadUnsigned(ulong.MaxValue);
        ulong kind = bits >> KindShift;
        ulong ticks = bits & TicksMask;
        if (kind > (ulong)DateTimeKind.Local || ticks > (ulong)DateTime.MaxValue.Ticks)
        {
            reader.Fail(WireReadResult.Malformed);
            return default;
        }

        return new DateTime((long)ticks, (DateTimeKind)kind);
    }

    /// <summary>Writes the local ticks, then the offset in minutes.</summary>
    public static void WriteDateTimeOffset(ref PayloadWriter writer, DateTimeOffset value)
    {
        writer.WriteSigned(value.Ticks);
        writer.WriteSigned(value.TotalOffsetMinutes);
    }

    public static DateTimeOffset ReadDateTimeOffset(ref PayloadReader reader)
    {
        long ticks = reader.ReadSigned(0, DateTime.MaxValue.Ticks);
        long minutes = reader.ReadSigned(-MaxOffsetMinutes, MaxOffsetMinutes);
        long utc = ticks - (minutes * TimeSpan.TicksPerMinute);
        if (reader.Failed || utc < 0 || utc > DateTime.MaxValue.Ticks)
        {
            reader.Fail(WireReadResult.Malformed);
            return default;
        }

        return new DateTimeOffset(ticks, TimeSpan.FromMinutes(minutes));
    }

    public static DateOnly ReadDateOnly(ref PayloadReader reader) =>
        DateOnly.FromDayNumber((int)reader.ReadSigned(0, DateOnly.MaxValue.DayNumber));

    public static TimeOnly ReadTimeOnly(ref PayloadReader reader) =>
        new(reader.ReadSigned(0, TimeOnly.MaxValue.Ticks));
}
