using System.Diagnostics.CodeAnalysis;

namespace SuperCache;

/// <summary>How an operation of <see cref="ISafeSuperCache"/> ended: done, or the error that the throwing form would
/// have thrown.</summary>
public readonly struct CacheResult
{
    private CacheResult(Exception? error) => Error = error;

    /// <summary>Whether the operation was done.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>What went wrong, or null.</summary>
    public Exception? Error { get; }

    /// <summary>The result of an operation that was done.</summary>
    public static CacheResult Success => default;

    /// <summary>The result of an operation that failed.</summary>
    /// <param name="error">What went wrong.</param>
    /// <returns>A result whose <see cref="IsSuccess"/> is false.</returns>
    public static CacheResult Failure(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new CacheResult(error);
    }
}

/// <summary>How an operation of <see cref="ISafeSuperCache"/> ended: its value, or the error that the throwing form
/// would have thrown.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly struct CacheResult<T>
{
    private readonly T? _value;

    private CacheResult(T? value, Exception? error)
    {
        _value = value;
        Error = error;
    }

    /// <summary>Whether the operation was done.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>What went wrong, or null.</summary>
    public Exception? Error { get; }

    /// <summary>The operation's value.</summary>
    /// <exception cref="InvalidOperationException">The operation failed; the inner exception says how.</exception>
    public T Value => IsSuccess
        ? _value!
        : throw new InvalidOperationException("The operation failed and has no value; see the inner exception.", Error);

    /// <summary>The value, where there is one.</summary>
    /// <param name="value">The operation's value, or the type's default.</param>
    /// <returns>Whether the operation was done.</returns>
    public bool TryGetValue([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return IsSuccess;
    }

    /// <summary>The result of an operation that was done.</summary>
    /// <param name="value">Its value.</param>
    /// <returns>A result whose <see cref="IsSuccess"/> is true.</returns>
    public static CacheResult<T> Success(T value) => new(value, null);

    /// <summary>The result of an operation that failed.</summary>
    /// <param name="error">What went wrong.</param>
    /// <returns>A result whose <see cref="IsSuccess"/> is false.</returns>
    public static CacheResult<T> Failure(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new CacheResult<T>(default, error);
    }
}
