using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using SuperCache.Diagnostics;
using SuperCache.Identity;
using SuperCache.Redis;
using SuperCache.Replication;
using SuperCache.TestKit.Redis;
using Xunit;

namespace SuperCache.Cluster.Tests.Redis;

/// <summary>How a link opens and closes when the server, the application or the host does the unexpected.</summary>
public class RedisJoinTests
{
    private static readonly NodeId A = new(0xA);
    private static readonly RedisKeys Keys = new("sc", "links");

    [Fact]
    public async Task Open_LeavesNothingOpen_WhenTheLinkIsDisposedMeanwhile()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        await using ConnectionMultiplexer admin =
            await ConnectionMultiplexer.ConnectAsync(redis.EndPoint + ",allowAdmin=true");
        var link = new RedisLink(
            new SuperCacheRedisOptions { Configuration = redis.EndPoint }, "links", NullLogger.Instance);
        Task opening = link.OpenAsync(A, new RecordingInbox(), default).AsTask();
        await link.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => opening);

        await new RecordingInbox().UntilAsync(
            () => !admin.GetDatabase().Execute("CLIENT", "LIST").ToString()
                .Contains("supercache:", StringComparison.Ordinal),
            "the connections are closed");
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => link.OpenAsync(A, new RecordingInbox(), default).AsTask());
    }

    [Fact]
    public async Task Open_IsRefused_WhileTheLinkIsOpen()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        await using var link = new RedisLink(
            new SuperCacheRedisOptions { Configuration = redis.EndPoint }, "links", NullLogger.Instance);
        await link.OpenAsync(A, new RecordingInbox(), default);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => link.OpenAsync(A, new RecordingInbox(), default).AsTask());
    }

    [Fact]
    public async Task ApplicationsConnection_IsLeftWithoutSubscriptions_WhenRedisDidNotAnswerAtTheEnd()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        await using var proxy = new RedisProxy(int.Parse(redis.EndPoint.Split(':')[1], null));
        await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync(redis.EndPoint);
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(
            proxy.EndPoint + ",abortConnect=false,asyncTimeout=500");
        var options = new SuperCacheRedisOptions
        {
            ConnectionMultiplexerFactory = () => Task.FromResult<IConnectionMultiplexer>(connection),
            RequestTimeout = TimeSpan.FromSeconds(10),
        };
        var link = new RedisLink(options, "links", NullLogger.Instance);
        await link.OpenAsync(A, new RecordingInbox(), default);

        // The library gives the command up, and with it whatever was to come after it.
        proxy.HoldToRedis();
        await link.DisposeAsync();
        proxy.Heal();

        await new RecordingInbox().UntilAsync(
            () => Subscribers(admin, Keys.Everybody) + Subscribers(admin, Keys.NodeChannel(A)) == 0,
            "nobody listens");
    }

    [Fact]
    public async Task Open_WaitsForTheTimeToJoin_WhenTheServerCannotWriteForNow()
    {
        Assert.SkipWhen(RedisProcess.Program is null, "Garnet has no such setting.");
        await using RedisProcess redis = await RedisProcess.StartAsync(false, "--min-replicas-to-write", "1");
        await using ConnectionMultiplexer admin =
            await ConnectionMultiplexer.ConnectAsync(redis.EndPoint + ",allowAdmin=true");
        var options = new SuperCacheRedisOptions
        {
            Configuration = redis.EndPoint,
            JoinTimeout = TimeSpan.FromSeconds(1),
        };
        await using var link = new RedisLink(options, "links", NullLogger.Instance);

        BackplaneUnavailableException error = await Assert.ThrowsAsync<BackplaneUnavailableException>(
            () => link.OpenAsync(A, new RecordingInbox(), default).AsTask());
        Assert.Contains("NOREPLICAS", error.Message, StringComparison.Ordinal);

        options.JoinTimeout = TimeSpan.FromSeconds(30);
        Task opening = link.OpenAsync(A, new RecordingInbox(), default).AsTask();
        await admin.GetDatabase().ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "0");
        await opening;
    }

    [Fact]
    public async Task Open_IsRefusedAtOnce_WhenTheUserMayRunNoScripts()
    {
        Assert.SkipWhen(RedisProcess.Program is null, "Garnet knows other rights.");
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using (ConnectionMultiplexer admin =
            await ConnectionMultiplexer.ConnectAsync(redis.EndPoint + ",allowAdmin=true"))
        {
            await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "-@scripting");
        }

        await using var link = new RedisLink(
            new SuperCacheRedisOptions { Configuration = redis.EndPoint, JoinTimeout = TimeSpan.FromMinutes(5) },
            "links",
            NullLogger.Instance);

        ClusterConfigurationException error = await Assert.ThrowsAsync<ClusterConfigurationException>(
            () => link.OpenAsync(A, new RecordingInbox(), default).AsTask());
        Assert.Contains("NOPERM", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_NamesTheFactory_ThatGaveNothing(bool givesTask)
    {
        var options = new SuperCacheRedisOptions
        {
            ConnectionMultiplexerFactory =
                () => givesTask ? Task.FromResult<IConnectionMultiplexer>(null!) : null!,
        };
        await using var link = new RedisLink(options, "links", NullLogger.Instance);

        ClusterConfigurationException error = await Assert.ThrowsAsync<ClusterConfigurationException>(
            () => link.OpenAsync(A, new RecordingInbox(), default).AsTask());
        Assert.Contains("ConnectionMultiplexerFactory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerOfTheStore_ThatCannotBeTakenIn_IsLogged()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        var log = new EventWatch(nameof(ExtensionsLog.StoreReplyFailed));
        await using var link = new RedisLink(
            new SuperCacheRedisOptions { Configuration = redis.EndPoint }, "links", log);
        await link.OpenAsync(A, new BrokenInbox(), default);

        link.Begin(1, RedisLinkTests.JoinOf(A));

        await log.Seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static long Subscribers(ConnectionMultiplexer admin, RedisChannel channel) =>
        (long)admin.GetDatabase().Execute("PUBSUB", "NUMSUB", channel)[1];

    private sealed class BrokenInbox : IClusterInbox
    {
        public void OnFrame(ReadOnlySpan<byte> frame, long backlog)
        {
        }

        public void OnStoreReply(long callId, StoreReply reply) => throw new InvalidOperationException("Broken.");
    }

    /// <summary>Tells when an event is logged.</summary>
    private sealed class EventWatch(string name) : ILogger
    {
        public TaskCompletionSource Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == name)
            {
                Seen.TrySetResult();
            }
        }
    }
}
