using System.Runtime.CompilerServices;
using SuperCache.Records;
using Xunit;

namespace SuperCache.Core.Tests.Model;

/// <content>The operations.</content>
internal sealed partial class ModelRun
{
    private void Put(Step step)
    {
        ITuple record = RecordOf(step);
        CacheEntryOptions? options = OptionsOf(step);
        if (step.Count % 5 == 0)
        {
            // Under the interface as its static type.
            _cache.Put(record, options);
        }
        else
        {
            RecordDriver.For(record.GetType()).Put(_cache, record, options);
        }

        _model.Put(PartitionOf(record), record, options);
        _puts++;
    }

    private void PutBatch(Step step)
    {
        CacheEntryOptions? options = OptionsOf(step);
        List<ITuple> records = [.. Enumerable.Range(0, step.Count).Select(i => RecordOf(step, i))];
        foreach (IGrouping<Type, ITuple> group in records.GroupBy(record => record.GetType()))
        {
            RecordDriver.For(group.Key).PutBatch(_cache, group, options);
            foreach (ITuple record in group)
            {
                _model.Put(PartitionOf(record), record, options);
                _puts++;
            }
        }
    }

    private void PutBadBatch(Step step)
    {
        if (ShortestRecord == 1)
        {
            Assert.Throws<RecordShapeException>(() => _cache.PutBatch([RecordOf(step), Tuple.Create<object?>(null)]));
        }
        else
        {
            ITuple tooShort = RecordBuilder.Build(step.Form % 3, new object?[ShortestRecord - 1]);
            Assert.Throws<RecordShapeException>(() => _cache.PutBatch([RecordOf(step), RecordOf(step, 1), tooShort, RecordOf(step, 2)]));
        }

        CheckStatistics();
    }

    private void LazyPut(Step step)
    {
        CacheEntryOptions? options = OptionsOf(step);
        for (int i = 0; i < step.Count % 12; i++)
        {
            ITuple record = RecordOf(step, i);
            RecordDriver.For(record.GetType()).LazyPut(_cache, record, options);
            _model.Put(PartitionOf(record), record, options);
            _puts++;
        }

        _cache.FlushAsync().AsTask().GetAwaiter().GetResult();
    }

    private void PutDirect(Step step)
    {
        ITuple record = RecordOf(step);
        ICachePartition partition = DirectPartition(step);
        CacheEntryOptions? options = OptionsOf(step);
        RecordDriver.For(record.GetType()).Put(partition, record, options);
        _model.Put(partition.Index, record, options);
        _puts++;
    }

    private void Get(Step step)
    {
        ITuple template = RecordOf(step, isTemplate: true);
        Expect(_model.Of(PartitionOf(template), KeyOf(step)), _cache.Get(template));
    }

    private void GetTyped(Step step)
    {
        ITuple template = RecordOf(step, isTemplate: true);
        List<ReferenceEntry> expected = _model.Of(PartitionOf(template), KeyOf(step));
        RecordDriver driver = RecordDriver.For(RecordOf(step with { Length = step.Count }).GetType());
        if (expected.TrueForAll(entry => driver.Type.IsInstanceOfType(entry.Record)))
        {
            Expect(expected, driver.Get(_cache, template));
        }
        else if (!expected.Exists(entry => entry.Slides))
        {
            // With several records, which of them were read before the wrong one is nobody's business.
            Assert.Throws<RecordTypeException>(() => driver.Get(_cache, template));
        }
    }

    private void TryGet(Step step)
    {
        object key = KeyOf(step);
        List<ReferenceEntry> expected = _model.Of(PartitionOf(key), key);
        RecordDriver driver = RecordDriver.For(RecordOf(step with { Length = step.Count }).GetType());
        ExpectFirst(expected, step.Count % 3 == 0 ? typeof(ITuple) : driver.Type, type => RecordDriver.For(type).TryGet(_cache, key));
    }

    private void TryGetDirect(Step step)
    {
        ICachePartition partition = DirectPartition(step);
        object key = KeyOf(step);
        RecordDriver driver = RecordDriver.For(RecordOf(step).GetType());
        ExpectFirst(_model.Of(partition.Index, key), driver.Type, type => RecordDriver.For(type).TryGet(partition, key));
    }

    private void ExpectFirst(List<ReferenceEntry> expected, Type type, Func<Type, ITuple?> read)
    {
        if (expected.Count == 0)
        {
            Assert.Null(read(type));
            Count(isHit: false);
        }
        else if (expected.TrueForAll(entry => type.IsInstanceOfType(entry.Record)))
        {
            ITuple found = read(type)!;
            Assert.NotNull(found);
            ReferenceEntry? entry = _setting.Kind == TableKind.DuplicateBag
                ? expected[0]
                : expected.Find(e => e.Record.Equals(found));
            Assert.Equal(entry?.Record, found);
            entry!.Touch(_clock);
            Count(isHit: true);
        }
        else if (expected.Count == 1)
        {
            Assert.Throws<RecordTypeException>(() => read(type));
            expected[0].Touch(_clock);
        }
    }

    private void GetByKey(Step step)
    {
        object key = KeyOf(step);
        Expect(_model.Of(PartitionOf(key), key), RecordDriver.WithKey(key, new ByKey(_cache)));
    }

    private void GetByKeyPartition(Step step)
    {
        object value = PartitionValueOf(step);
        Expect(_model.Of(PartitionOf(value), KeyOf(step)), _cache.GetByKeyPartition(KeyOf(step), value));
    }

    private void GetDirect(Step step)
    {
        ICachePartition partition = DirectPartition(step);
        Expect(_model.Of(partition.Index, KeyOf(step)), partition.Get(KeyOf(step)));
    }

    private void GetByMatch(Step step)
    {
        (ITuple pattern, PartitionScope scope) = PatternOf(step);
        IReadOnlyList<object?[]> actual = _cache.GetByMatch(pattern, scope);
        IEnumerable<object?[]> expected = InScope(step, _model.Live)
            .Select(entry => ReferencePattern.Match(pattern, entry.Record)).OfType<object?[]>();
        Assert.Equal(
            expected.Select(Describe).Order(StringComparer.Ordinal), actual.Select(Describe).Order(StringComparer.Ordinal));
        TouchMatched(step, pattern);
    }

    private void GetByMatchObject(Step step)
    {
        (ITuple pattern, PartitionScope scope) = PatternOf(step);
        AssertSame(
            InScope(step, _model.Live).Where(entry => ReferencePattern.Match(pattern, entry.Record) is not null).Select(entry => entry.Record),
            _cache.GetByMatchObject(pattern, scope));
        TouchMatched(step, pattern);
    }

    /// <summary>A pattern with a bound key reads that key; any other only looks.</summary>
    private void TouchMatched(Step step, ITuple pattern)
    {
        if (pattern.Length > _setting.KeyPosition && pattern[_setting.KeyPosition] is { } key && !ReferencePattern.HasPlaceholder(key))
        {
            Touch(InScope(step, _model.Live).Where(entry => entry.Key.Equals(key)).ToList());
        }
    }

    private void DeleteByMatch(Step step)
    {
        if (step.Count % 3 != 0)
        {
            return;
        }

        (ITuple pattern, PartitionScope scope) = PatternOf(step);
        HashSet<ReferenceEntry> inScope = [.. InScope(step, _model.Live)];
        int expected = _model.DeleteWhere(entry => inScope.Contains(entry) && ReferencePattern.Match(pattern, entry.Record) is not null);
        Assert.Equal(expected, _cache.DeleteByMatch(pattern, scope));
    }

    private void Scan(Step step)
    {
        List<ITuple> seen = _cache.Scan(new List<ITuple>(), Add, ScopeOf(step));
        AssertSame(InScope(step, _model.Live).Select(entry => entry.Record), seen);
        if (_setting.Kind == TableKind.OrderedSet && !ScopeOf(step).IsAll)
        {
            object[] keys = [.. seen.Select(record => record[_setting.KeyPosition]!)];
            Assert.Equal(keys.Order(Comparer<object>.Create((left, right) => KeyOrder.Compare(left, right))), keys);
        }
    }

    private void Delete(Step step)
    {
        ITuple template = RecordOf(step, isTemplate: true);
        Assert.Equal(_model.Delete(PartitionOf(template), KeyOf(step)) > 0, _cache.Delete(template));
    }

    private void DeleteByKey(Step step)
    {
        object key = KeyOf(step);
        Assert.Equal(_model.Delete(PartitionOf(key), key) > 0, RecordDriver.WithKey(key, new DeleteKey(_cache)));
    }

    private void DeleteByKeyPartition(Step step)
    {
        object value = PartitionValueOf(step);
        Assert.Equal(_model.Delete(PartitionOf(value), KeyOf(step)) > 0, _cache.DeleteByKeyPartition(KeyOf(step), value));
    }

    private void DeleteDirect(Step step)
    {
        ICachePartition partition = DirectPartition(step);
        Assert.Equal(_model.Delete(partition.Index, KeyOf(step)) > 0, partition.Delete(KeyOf(step)));
    }

    /// <summary>Everything, now and then.</summary>
    private void DeleteRare(Step step)
    {
        if (step.Extra % 10 == 0)
        {
            _cache.DeleteAll();
            _model.Clear();
        }
    }

    private void Expect(List<ReferenceEntry> expected, IEnumerable<ITuple> actual)
    {
        if (_setting.Kind == TableKind.DuplicateBag)
        {
            Assert.Equal(expected.Select(entry => entry.Record), actual);
        }
        else
        {
            AssertSame(expected.Select(entry => entry.Record), actual);
        }

        Touch(expected);
        Count(expected.Count != 0);
    }

    private ICachePartition DirectPartition(Step step) => _cache.Partitions[step.Partition % _cache.Partitions.Count];

    private PartitionScope ScopeOf(Step step) => step.Extra % 3 == 0 ? PartitionScope.Of(PartitionValueOf(step)) : PartitionScope.All;

    private IEnumerable<ReferenceEntry> InScope(Step step, IEnumerable<ReferenceEntry> entries) => ScopeOf(step).IsAll
        ? entries
        : entries.Where(entry => entry.Partition == PartitionOf(PartitionValueOf(step)));

    private (ITuple Pattern, PartitionScope Scope) PatternOf(Step step)
    {
        ITuple record = RecordOf(step);
        object?[] elements = new object?[step.Form % RecordBuilder.Forms == 3 ? 8 : record.Length];
        int choice = step.Extra * 7 + step.Count;
        for (int i = 0; i < elements.Length; i++, choice = choice * 5 / 3 + 1)
        {
            elements[i] = (choice % 4) switch
            {
                0 => Match.Any,
                1 => Match.Var(choice / 4 % 3),
                2 when record[i] is (int, string) => (Match.Var(choice / 4 % 3), "x"),
                _ => record[i],
            };
        }

        return (new Pattern(elements), ScopeOf(step));
    }

    /// <summary>A tuple of any length.</summary>
    private sealed class Pattern(object?[] elements) : ITuple
    {
        public int Length => elements.Length;

        public object? this[int index] => elements[index];
    }

    private sealed class ByKey(ISuperCache cache) : RecordDriver.KeyFunction<IReadOnlyList<ITuple>>
    {
        public override IReadOnlyList<ITuple> Call<TKey>(TKey key) => cache.GetByKey(key);
    }

    private sealed class DeleteKey(ISuperCache cache) : RecordDriver.KeyFunction<bool>
    {
        public override bool Call<TKey>(TKey key) => cache.DeleteByKey(key);
    }
}
