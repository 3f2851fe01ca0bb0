using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SuperCache.Core.Tests.Model;

/// <summary>Calls the typed members of a cache with the static type of a record, and of a key, that a test holds as objects.</summary>
internal abstract class RecordDriver
{
    private static readonly ConcurrentDictionary<Type, RecordDriver> Drivers = new();

    public abstract Type Type { get; }

    public static RecordDriver For(Type record) => Drivers.GetOrAdd(
        record, type => (RecordDriver)Activator.CreateInstance(typeof(RecordDriver<>).MakeGenericType(type))!);

    public abstract void Put(ISuperCache cache, ITuple record, CacheEntryOptions? options);

    public abstract void PutBatch(ISuperCache cache, IEnumerable<ITuple> records, CacheEntryOptions? options);

    public abstract void LazyPut(ISuperCache cache, ITuple record, CacheEntryOptions? options);

    public abstract void Put(ICachePartition partition, ITuple record, CacheEntryOptions? options);

    public abstract ITuple? TryGet(ISuperCache cache, object key);

    public abstract ITuple? TryGet(ICachePartition partition, object key);

    public abstract IEnumerable<ITuple> Get(ISuperCache cache, ITuple template);

    /// <summary>Calls a function with a key's own type, or as an object.</summary>
    public static TResult WithKey<TResult>(object key, KeyFunction<TResult> function) => key switch
    {
        int value => function.Call(value),
        uint value => function.Call(value),
        long value => function.Call(value),
        ulong value => function.Call(value),
        char value => function.Call(value),
        double value => function.Call(value),
        decimal value => function.Call(value),
        Guid value => function.Call(value),
        string value => function.Call(value),
        DayOfWeek value => function.Call(value),
        ValueTuple<int, string> value => function.Call(value),
        ValueTuple<long, Guid> value => function.Call(value),
        _ => function.Call(key),
    };

    /// <summary>Something that is done with a key of any type.</summary>
    public abstract class KeyFunction<TResult>
    {
        public abstract TResult Call<TKey>(TKey key)
            where TKey : notnull;
    }
}

/// <inheritdoc/>
internal sealed class RecordDriver<TRecord> : RecordDriver
    where TRecord : ITuple
{
    public override Type Type => typeof(TRecord);

    public override void Put(ISuperCache cache, ITuple record, CacheEntryOptions? options) => cache.Put((TRecord)record, options);

    public override void PutBatch(ISuperCache cache, IEnumerable<ITuple> records, CacheEntryOptions? options) =>
        cache.PutBatch(records.Cast<TRecord>(), options);

    public override void LazyPut(ISuperCache cache, ITuple record, CacheEntryOptions? options) =>
        cache.LazyPut((TRecord)record, options);

    public override void Put(ICachePartition partition, ITuple record, CacheEntryOptions? options) =>
        partition.Put((TRecord)record, options);

    public override ITuple? TryGet(ISuperCache cache, object key) => WithKey(key, new CacheRead(cache));

    public override ITuple? TryGet(ICachePartition partition, object key) => WithKey(key, new PartitionRead(partition));

    public override IEnumerable<ITuple> Get(ISuperCache cache, ITuple template) => cache.Get<TRecord>(template).Cast<ITuple>();

    private sealed class CacheRead(ISuperCache cache) : KeyFunction<ITuple?>
    {
        public override ITuple? Call<TKey>(TKey key) => cache.TryGet(key, out TRecord record) ? record : null;
    }

    private sealed class PartitionRead(ICachePartition partition) : KeyFunction<ITuple?>
    {
        public override ITuple? Call<TKey>(TKey key) => partition.TryGet(key, out TRecord record) ? record : null;
    }
}
