using System.Globalization;

namespace WebApi.Catalogue;

/// <summary>A value, and where it came from.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source"><c>cache</c> or <c>database</c>.</param>
/// <param name="Microseconds">How long the server took to get it from there.</param>
public sealed record Answer<T>(T Value, string Source, double Microseconds)
{
    /// <summary>An answer that did not touch the database.</summary>
    public static Answer<T> FromCache(T value, TimeSpan elapsed, HttpResponse response) =>
        Create(value, "cache", "hit", elapsed, response);

    /// <summary>An answer that was read from the database.</summary>
    public static Answer<T> FromDatabase(T value, TimeSpan elapsed, HttpResponse response) =>
        Create(value, "database", "miss", elapsed, response);

    private static Answer<T> Create(T value, string source, string header, TimeSpan elapsed, HttpResponse response)
    {
        response.Headers["X-Cache"] = header;
        response.Headers["Server-Timing"] =
            string.Create(CultureInfo.InvariantCulture, $"{source};dur={elapsed.TotalMilliseconds:0.####}");
        return new Answer<T>(value, source, Math.Round(elapsed.TotalMicroseconds, 2));
    }
}
