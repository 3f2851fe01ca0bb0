namespace SuperCache.Tests;

/// <summary>A key whose hash code is that of all others of its type.</summary>
public sealed record CollidingKey(int Number)
{
    public override int GetHashCode() => 42;
}

/// <summary>The same as a value type.</summary>
public readonly record struct CollidingValue(int Number)
{
    public override int GetHashCode() => 42;
}

/// <summary>A key whose equality relies on what its constructor made sure of.</summary>
public readonly struct PickyKey(string text) : IEquatable<PickyKey>
{
    private readonly string _text = text;
    private readonly int _length = text.Length;

    public bool Equals(PickyKey other) => _length == _text.Length && _text.Equals(other._text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is PickyKey other && Equals(other);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);
}
