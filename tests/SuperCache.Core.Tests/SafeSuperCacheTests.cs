using Microsoft.Extensions.Logging;
using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>The view that returns what the cache throws. Its values are in <see cref="SeedParityTests"/>.</summary>
public sealed class SafeSuperCacheTests
{
    private const string Secret = "very-secret-key";

    [Fact]
    public async Task NoMember_Throws_WhateverItIsGiven()
    {
        var log = new ListLogger();
        await using var cache = new SuperCacheEngine(
            new SuperCacheOptions { KeyPosition = 1, PartitionPosition = 1 }, "named", log);
        ISafeSuperCache safe = cache.Safe;
        var tooShort = Tuple.Create(Secret);
        Exception?[] errors =
        [
            safe.Put(tooShort).Error, (await safe.PutAsync(
                tooShort)).Error, safe.PutBatch([tooShort]).Error, (await safe.PutBatchAsync([tooShort])).Error,
            safe.PutBatch<Tuple<int>>(null!).Error, safe.LazyPut(tooShort).Error, safe.Put<Tuple<int>>(null!).Error,
            safe.Get(tooShort).Error, (await safe.GetAsync(tooShort)).Error, safe.Get<(int, int)>(tooShort).Error,
            (await safe.GetAsync<(int, int)>(tooShort)).Error, safe.TryGet((string)null!, out (int, int) _).Error,
            (await safe.TryGetAsync<string, (int, int)>(
                null!)).Error, safe.GetByKey((string)null!).Error, (await safe.GetByKeyAsync((string)null!)).Error,
            safe.GetByKeyPartition(
                Secret, (string)null!).Error, (await safe.GetByKeyPartitionAsync(Secret, (string)null!)).Error,
            safe.GetByMatch(null!).Error, (await safe.GetByMatchAsync(null!)).Error, safe.GetByMatchObject(null!).Error,
            (await safe.GetByMatchObjectAsync(
                null!)).Error, safe.Scan<int>(0, null!).Error, safe.Delete(tooShort).Error,
            (await safe.DeleteAsync(tooShort)).Error, safe.DeleteByKey(
                (string)null!).Error, (await safe.DeleteByKeyAsync((string)null!)).Error,
            safe.DeleteByKeyPartition(
                Secret, (string)null!).Error, (await safe.DeleteByKeyPartitionAsync(Secret, (string)null!)).Error,
            safe.DeleteByMatch(null!).Error, (await safe.DeleteByMatchAsync(null!)).Error,
            (await safe.FlushAsync(
                new CancellationToken(true))).Error, (await safe.DeleteAllAsync(new CancellationToken(true))).Error,
        ];

        Assert.All(errors, Assert.NotNull);
        Assert.Equal(0, cache.GetStatistics().TotalCount);
        Assert.Equal(errors.Length, log.Lines.Count(line => line.Contains("failed with", StringComparison.Ordinal)));
        Assert.All(log.Lines, line => Assert.DoesNotContain(Secret, line, StringComparison.Ordinal));
        Assert.Contains(log.Lines, line =>
            line.Contains("GetByMatch", StringComparison.Ordinal) && line.Contains("named", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EveryMember_ReportsObjectDisposed_AfterDispose()
    {
        SuperCacheEngine cache = await SuperCacheEngine.StartAsync();
        await cache.DisposeAsync();
        ISafeSuperCache safe = cache.Safe;
        Assert.All<Exception?>(
            [
                safe.Put((1, 1)).Error, safe.Get((1, 1)).Error, safe.DeleteAll().Error, safe.Scan(0, (n, _) => n).Error,
                (await safe.FlushAsync()).Error, safe.LazyPut(
                    (1, 1)).Error, safe.DeleteByMatch((1, 1)).Error, safe.TryGet(1, out (int, int) _).Error,
                safe.GetStatistics().Error, (await safe.GetClusterStatisticsAsync()).Error,
            ],
            error => Assert.IsType<ObjectDisposedException>(error));
    }

    [Fact]
    public void EveryMethod_OfTheCache_HasItsNamesake()
    {
        string[] missing = [.. typeof(ISuperCache).GetMethods().Where(method => !method.IsSpecialName)
            .Select(method => method.Name).Except(typeof(ISafeSuperCache).GetMethods().Select(method => method.Name))];
        Assert.Empty(missing);
    }

    [Fact]
    public void Results_TellSuccessFromFailure()
    {
        Assert.True(CacheResult.Success.IsSuccess);
        Assert.Throws<ArgumentNullException>(() => CacheResult.Failure(null!));
        Assert.Throws<ArgumentNullException>(() => CacheResult<int>.Failure(null!));
        Assert.True(CacheResult<int>.Success(5).TryGetValue(out int value));
        Assert.Equal(5, value);
        Assert.Null(CacheResult<int>.Success(5).Error);
    }

    [Fact]
    public async Task DebugLogging_TellsWhatWasDone_WithoutKeysOrValues()
    {
        var log = new ListLogger();
        await using (var cache = new SuperCacheEngine(new SuperCacheOptions(), "named", log))
        {
            cache.Put((Secret, Secret));
            cache.DeleteByMatch((Secret, Match.Any));
            cache.DeleteAll();
        }

        Assert.Equal(["CacheStarted", "RecordsDeletedByMatch", "AllRecordsDeleted", "CacheStopped"], log.Events);
        Assert.All(log.Lines, line => Assert.DoesNotContain(Secret, line, StringComparison.Ordinal));
    }

    private sealed class ListLogger : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public List<string?> Events { get; } = [];

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName)
        {
            Assert.StartsWith("SuperCache.", categoryName, StringComparison.Ordinal);
            return this;
        }

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel,
            EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Add(formatter(state, exception));
            Events.Add(eventId.Name);
        }
    }
}
