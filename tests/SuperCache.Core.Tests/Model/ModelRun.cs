using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace SuperCache.Core.Tests.Model;

/// <summary>How a cache under test is made.</summary>
internal readonly record struct Setting(TableKind Kind, int KeyPosition, int PartitionPosition, int Partitions);

/// <summary>One random operation: which, and numbers from which it takes what it needs.</summary>
internal readonly record struct Step(
    int Operation, int Key, int Partition, int Form, int Length, int Terms, int Count, int Extra);

/// <summary>Runs steps against a cache and its reference model and holds the two equal.</summary>
internal sealed partial class ModelRun
{
    private static readonly object[] KeyPalette =
    [
        0, 1, 2, 3, -1, 0L, 1L, 1L << 40, 1u, 1ul, 'a', 1.0, 0.0, double.NaN, 1m, "", "a", "b", "A", Guid.Empty,
        new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), DayOfWeek.Monday, (
            1, "x"), (1, "y"), (2, "x"), (1L, Guid.Empty), Tuple.Create(1, "x"),
    ];

    private static readonly object[] PartitionPalette = [0, 1, 2, "p", "q", 3L];

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Setting _setting;
    private readonly SuperCacheEngine _engine;
    private readonly ISuperCache _cache;
    private readonly ReferenceCache _model;
    private long _hits;
    private long _misses;
    private long _puts;

    public ModelRun(Setting setting)
    {
        _setting = setting;
        _engine = new SuperCacheEngine(new SuperCacheOptions
        {
            TableKind = setting.Kind,
            KeyPosition = setting.KeyPosition,
            PartitionPosition = setting.PartitionPosition,
            PartitionCount = setting.Partitions,
            TimeProvider = _clock,
            LazyPutCapacity = 5,
        });
        _cache = _engine;
        _model = new ReferenceCache(setting.Kind, setting.KeyPosition, _clock);
    }

    public static int Operations => Table.Length;

    private static Action<ModelRun, Step>[] Table { get; } =
    [
        (run, step) =>
            run.Put(step), (run, step) => run.Put(step), (run, step) => run.Put(step), (run, step) => run.Put(step),
        (run, step) => run.PutBatch(step), (run, step) => run.PutBatch(step), (run, step) => run.PutBadBatch(step),
        (run, step) => run.LazyPut(step), (run, step) => run.PutDirect(step), (run, step) => run.PutDirect(step),
        (run, step) => run.Get(step), (run, step) =>
            run.GetTyped(step), (run, step) => run.TryGet(step), (run, step) => run.TryGet(step),
        (run, step) =>
            run.GetByKey(step), (run, step) => run.GetByKeyPartition(step), (run, step) => run.GetDirect(step),
        (run, step) =>
            run.TryGetDirect(step), (run, step) => run.GetByMatch(step), (run, step) => run.GetByMatchObject(step),
        (run, step) => run.Scan(step), (run, step) =>
            run.Scan(step), (run, step) => run.Delete(step), (run, step) => run.Delete(step),
        (run, step) =>
            run.DeleteByKey(step), (run, step) => run.DeleteByKeyPartition(step), (run, step) => run.DeleteDirect(step),
        (run, step) => run.DeleteByMatch(step), (run, step) => run.DeleteRare(step), (run, step) => run.Advance(step),
        (run, step) => run.Advance(step), (run, step) => run.CheckStatistics(),
    ];

    private bool IsBag => _setting.Kind is TableKind.Bag or TableKind.DuplicateBag;

    private int ShortestRecord => Math.Max(_setting.KeyPosition, _setting.PartitionPosition) + 1;

    public static void Execute(Setting setting, Step[] steps)
    {
        var run = new ModelRun(setting);
        try
        {
            foreach (Step step in steps)
            {
                Table[step.Operation](run, step);
            }

            run.CheckStatistics();
            run.CheckScan();
        }
        finally
        {
            run._engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static object KeyOf(Step step, int i = 0) => i == 0
        ? KeyPalette[step.Key % KeyPalette.Length]
        : step.Extra % 2 == 0 ? KeyPalette[(step.Key + i) % KeyPalette.Length] : 100 + (step.Key * 31 + i) % 400;

    private object PartitionValueOf(Step step, int i = 0) => _setting.KeyPosition == _setting.PartitionPosition
        ? KeyOf(step, i)
        : PartitionPalette[(step.Partition + i) % PartitionPalette.Length];

    private ITuple RecordOf(Step step, int i = 0, bool isTemplate = false)
    {
        object?[] elements = new object?[Math.Min(7, ShortestRecord + (isTemplate ? 0 : step.Length % 3))];
        for (int e = 0; e < elements.Length; e++)
        {
            elements[e] = (step.Extra + e + i) % 5;
        }

        if (elements.Length > ShortestRecord && step.Extra % 7 == 0)
        {
            elements[^1] = step.Extra % 2 == 0 ? null : "text";
        }

        elements[_setting.PartitionPosition] = PartitionValueOf(step, i);
        elements[_setting.KeyPosition] = KeyOf(step, i);
        return RecordBuilder.Build(step.Form % RecordBuilder.Forms, elements);
    }

    private CacheEntryOptions? OptionsOf(Step step) => (step.Terms % 12) switch
    {
        0 => new CacheEntryOptions { AbsoluteExpiration = _clock.GetUtcNow().AddSeconds(2) },
        1 => new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(1) },
        2 => new CacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(1) },
        3 => new CacheEntryOptions
        {
            SlidingExpiration = TimeSpan.FromSeconds(
            1),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(3)
        },
        4 => new CacheEntryOptions
        {
            AbsoluteExpiration = _clock.GetUtcNow().AddMilliseconds(1_500),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(2),
            SlidingExpiration = TimeSpan.FromMilliseconds(700),
        },
        5 => new CacheEntryOptions { Size = 3, Priority = CacheEntryPriority.High },
        _ => null,
    };

    private int PartitionOf(object value) => _cache.Partitions.IndexOf(value);

    private int PartitionOf(ITuple record) => PartitionOf(record[_setting.PartitionPosition]!);

    private void Advance(Step step) =>
        _clock.Advance(TimeSpan.FromMilliseconds(step.Extra % 4 == 0
            ? 1_000 : step.Extra % 4 == 1 ? 700 : step.Extra % 4 * 50));

    private void CheckStatistics()
    {
        CacheStatistics statistics = _cache.GetStatistics();
        Assert.InRange(statistics.TotalCount, _model.LiveCount, _model.CountAtMost);
        Assert.Equal(statistics.TotalCount, statistics.Partitions.Sum(partition => partition.Count));
        Assert.Equal(_hits, statistics.Hits);
        Assert.Equal(_misses, statistics.Misses);
        Assert.Equal(_puts, statistics.Puts);
    }

    private void CheckScan()
    {
        AssertSame(_model.Live.Select(entry => entry.Record), _cache.Scan(new List<ITuple>(), Add));
    }

    private static List<ITuple> Add(List<ITuple> records, ITuple record)
    {
        records.Add(record);
        return records;
    }

    private void Count(bool isHit)
    {
        _hits += isHit ? 1 : 0;
        _misses += isHit ? 0 : 1;
    }

    private void Touch(IEnumerable<ReferenceEntry> entries)
    {
        foreach (ReferenceEntry entry in entries)
        {
            entry.Touch(_clock);
        }
    }

    /// <summary>Holds two collections of records equal, as multisets; type counts.</summary>
    private static void AssertSame(IEnumerable<ITuple> expected, IEnumerable<ITuple> actual) =>
        Assert.Equal(expected.Select(
            Describe).Order(StringComparer.Ordinal), actual.Select(Describe).Order(StringComparer.Ordinal));

    private static string Describe(ITuple record) =>
        record.GetType().Name + Describe(Enumerable.Range(0, record.Length).Select(i => record[i]));

    private static string Describe(IEnumerable<object?> values) =>
        string.Join(" | ", values.Select(value => $"{value?.GetType().Name} {value}"));
}
