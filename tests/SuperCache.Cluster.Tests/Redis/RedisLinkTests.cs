using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using SuperCache.Identity;
using SuperCache.Redis;
using SuperCache.TestKit.Redis;
using Xunit;

namespace SuperCache.Cluster.Tests.Redis;

public class RedisLinkTests
{
    private static readonly NodeId A = new(0xA);
    private static readonly NodeId B = new(0xB);
    private static readonly ClusterFingerprint Config = new(3, 2, ReplicationMode.Sync);

    [Fact]
    public async Task Frames_ArriveOnceAndInOrder_HoweverTheyWereBatched()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        var inbox = new RecordingInbox();
        await using RedisLink from = await OpenAsync(redis.EndPoint, A, new RecordingInbox());
        await using RedisLink to = await OpenAsync(redis.EndPoint, B, inbox);
        byte[] frame = new byte[300];

        for (int i = 0; i < 20_000; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(frame, i);
            from.Send(B, frame.AsSpan(0, 4 + (i % 296)));
        }

        await inbox.UntilAsync(() => inbox.Frames.Count == 20_000, "all frames have come");
        Assert.Equal(
            Enumerable.Range(0, 20_000), inbox.Frames.Select(f => BinaryPrimitives.ReadInt32LittleEndian(f)));
        Assert.All(inbox.Frames.Index(), f => Assert.Equal(4 + (f.Index % 296), f.Item.Length));
        Assert.Equal(0, from.Status.PendingBytes);
    }

    [Fact]
    public async Task Broadcast_ReachesAllNodes_TheSenderIncluded()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        (RecordingInbox a, RecordingInbox b) = (new RecordingInbox(), new RecordingInbox());
        await using RedisLink from = await OpenAsync(redis.EndPoint, A, a);
        await using RedisLink to = await OpenAsync(redis.EndPoint, B, b);

        from.Broadcast([1, 2, 3]);

        await a.UntilAsync(() => a.Frames.Count == 1, "the sender hears itself");
        await b.UntilAsync(() => b.Frames.Count == 1, "the other hears it");
        Assert.Equal([1, 2, 3], b.Frames.Single());
    }

    [Fact]
    public async Task LargeFrames_GoThroughWhole()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        var inbox = new RecordingInbox();
        await using RedisLink link = await OpenAsync(redis.EndPoint, A, inbox);
        byte[] frame = new byte[5 << 20];
        new Random(1).NextBytes(frame);

        link.Send(A, frame);
        link.Send(A, [7]);

        await inbox.UntilAsync(() => inbox.Frames.Count == 2, "both frames have come");
        Assert.Equal(frame, inbox.Frames.First());
    }

    [Fact]
    public async Task Frames_AreDroppedAndCounted_WhenTooManyBytesWait()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        await using RedisLink link = await OpenAsync(
            redis.EndPoint, A, new RecordingInbox(), o => o.MaxPendingBytes = 1 << 20);
        byte[] frame = new byte[300 << 10];

        for (int i = 0; i < 50; i++)
        {
            link.Send(B, frame);
        }

        Assert.InRange(link.Status.RefusedFrames, 1, 50);
        Assert.InRange(link.Status.PendingBytes, 0, 1 << 20);
    }

    [Fact]
    public void FrameThatIsLargerThanTheLimit_Passes_WhenNothingElseWaits()
    {
        var budget = new PendingBudget(limit: 10);
        Assert.True(budget.TryTake(3));
        Assert.False(budget.TryTake(11));
        budget.Return(3, isLost: false);
        Assert.True(budget.TryTake(11));
        Assert.False(budget.TryTake(1));
        budget.Return(11, isLost: false);
        Assert.True(budget.TryTake(10));
        Assert.Equal((10, 2), (budget.Pending, budget.Refused));
    }

    [Fact]
    public async Task Dispose_DoesNotThrow_WhenTheApplicationHasDisposedItsConnection()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.EndPoint);
        var options = new SuperCacheRedisOptions
        {
            ConnectionMultiplexerFactory = () => Task.FromResult<IConnectionMultiplexer>(connection),
        };
        var link = new RedisLink(options, "links", NullLogger.Instance);
        await link.OpenAsync(A, new RecordingInbox(), default);
        await connection.DisposeAsync();
        await link.DisposeAsync();
        Assert.False(link.Status.IsConnected);
    }

    [Fact]
    public async Task ReceivedMessages_AreDroppedAndCounted_WhenTooManyWait()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        using var gate = new ManualResetEventSlim();
        var inbox = new RecordingInbox { OnArrival = _ => gate.Wait(TimeSpan.FromSeconds(30)) };
        await using RedisLink link = await OpenAsync(redis.EndPoint, A, inbox);
        await using ConnectionMultiplexer other = await ConnectionMultiplexer.ConnectAsync(redis.EndPoint);
        RedisChannel channel = new RedisKeys("sc", "links").NodeChannel(A);
        byte[] message = [1, 0, 0, 0, 9];

        Task[] publishing = [.. Enumerable.Range(0, IncomingChannel.MostMessages + 100)
            .Select(_ => other.GetSubscriber().PublishAsync(channel, message))];
        await Task.WhenAll(publishing);
        await inbox.UntilAsync(
            () => link.Status.WaitingMessages > IncomingChannel.MostMessages, "more messages wait than may");
        gate.Set();

        await inbox.UntilAsync(() => link.Status.DroppedMessages > 0, "messages were dropped");
        int before = inbox.Frames.Count;
        await inbox.UntilAsync(() => Nudge(), "frames come again");

        bool Nudge()
        {
            link.Send(A, [5]);
            return inbox.Frames.Count > before && inbox.Frames.Any(f => f is [5]);
        }
    }

    [Fact]
    public async Task Calls_AreIndeterminate_WhileRedisIsAway_AndAnsweredAfterwards()
    {
        Assert.SkipWhen(RedisProcess.Program is null, "Needs a redis-server that can be killed.");
        await using RedisProcess redis = await RedisProcess.StartAsync();
        var inbox = new RecordingInbox();
        await using RedisLink link = await OpenAsync(redis.EndPoint, A, inbox);

        link.Begin(1, JoinOf(A));
        await inbox.UntilAsync(() => inbox.Replies.ContainsKey(1), "the join is answered");
        Assert.Equal(StoreStatus.Ok, inbox.Replies[1].Status);

        await redis.KillAsync();
        link.Begin(2, JoinOf(A));
        await inbox.UntilAsync(() => inbox.Replies.ContainsKey(2), "the lost call is answered");
        Assert.Equal(StoreStatus.Indeterminate, inbox.Replies[2].Status);

        await redis.StartAgainAsync();
        long call = 2;
        await inbox.UntilAsync(() => CallAgain() == StoreStatus.Ok, "the store answers again");
        await inbox.UntilAsync(() => HearsItself(), "the channel is subscribed again");

        StoreStatus CallAgain()
        {
            StoreStatus latest = inbox.Replies.TryGetValue(call, out StoreReply? reply)
                ? reply.Status
                : StoreStatus.Conflict;
            if (latest == StoreStatus.Indeterminate)
            {
                link.Begin(++call, JoinOf(A));
            }

            return latest;
        }

        bool HearsItself()
        {
            link.Send(A, [8]);
            return !inbox.Frames.IsEmpty;
        }
    }

    [Fact]
    public async Task Open_Refuses_AServerThatInterleavesScripts()
    {
        using var garnet = GarnetHost.Start(isAtomic: false);

        ClusterConfigurationException refusal = await Assert.ThrowsAsync<ClusterConfigurationException>(
            () => OpenAsync(garnet.EndPoint, A, new RecordingInbox()));

        Assert.Contains("--lua-transaction-mode", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_Accepts_GarnetWithTransactions()
    {
        using var garnet = GarnetHost.Start();
        var inbox = new RecordingInbox();
        await using RedisLink link = await OpenAsync(garnet.EndPoint, A, inbox);

        link.Send(A, [1]);

        await inbox.UntilAsync(() => inbox.Frames.Count == 1, "the frame has come");
    }

    [Fact]
    public async Task Open_FailsInTime_WithThePlaceButNotThePassword_WhenNobodyAnswers()
    {
        int port = FreePort.Next();
        var clock = Stopwatch.StartNew();

        BackplaneUnavailableException error = await Assert.ThrowsAsync<BackplaneUnavailableException>(() => OpenAsync(
            $"127.0.0.1:{port},password=hush", A, new RecordingInbox(), o => o.JoinTimeout = TimeSpan.FromSeconds(1)));

        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Open_NeedsOnlyTheRights_ThatTheDocsGive()
    {
        Assert.SkipWhen(RedisProcess.Program is null, "Garnet knows other rights.");
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using (ConnectionMultiplexer admin =
            await ConnectionMultiplexer.ConnectAsync(redis.EndPoint + ",allowAdmin=true"))
        {
            object[] rights = [.. RightsOfTheDocs().Skip(1)];
            await admin.GetDatabase().ExecuteAsync("ACL", rights);
            await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "off");
        }

        var inbox = new RecordingInbox();
        await using RedisLink link = await OpenAsync(
            redis.EndPoint + ",user=supercache,password=a-long-password", A, inbox, null, "orders");
        link.Begin(1, JoinOf(A));
        link.Send(A, [1]);

        await inbox.UntilAsync(() => inbox.Replies.ContainsKey(1) && inbox.Frames.Count == 1, "both have come");
        Assert.Equal(StoreStatus.Ok, inbox.Replies[1].Status);
    }

    [Fact]
    public async Task LostSubscription_IsMadeAgain_ThoughTheConnectionStands()
    {
        Assert.SkipWhen(RedisProcess.Program is null, "Garnet takes no rights away.");
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using ConnectionMultiplexer admin =
            await ConnectionMultiplexer.ConnectAsync(redis.EndPoint + ",allowAdmin=true");
        var inbox = new RecordingInbox();
        await using RedisLink link = await OpenAsync(redis.EndPoint, A, inbox);
        link.Send(A, [1]);
        await inbox.UntilAsync(() => inbox.Frames.Count == 1, "the frame has come");

        // Redis disconnects who may not listen any more; the library connects again and is refused the channel.
        await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "resetchannels");
        await inbox.UntilAsync(() => !IsListening(), "nobody listens");
        await inbox.UntilAsync(() => link.Status.IsConnected, "the connection stands again");
        await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "allchannels");

        await inbox.UntilAsync(() => HearsItself(), "the channel is subscribed again");
        link.Broadcast([3]);
        await inbox.UntilAsync(() => inbox.Frames.Any(f => f is [3]), "so is that of all nodes");

        bool IsListening() => (long)admin.GetDatabase().Execute(
            "PUBSUB", "NUMSUB", new RedisKeys("sc", "links").NodeChannel(A))[1] > 0;

        bool HearsItself()
        {
            link.Send(A, [2]);
            link.Broadcast([2]);
            return inbox.Frames.Count > 1;
        }
    }

    [Fact]
    public async Task ApplicationsConnection_IsUsedAndLeftOpen()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.EndPoint);
        var options = new SuperCacheRedisOptions
        {
            ConnectionMultiplexerFactory = () => Task.FromResult<IConnectionMultiplexer>(connection),
        };
        var inbox = new RecordingInbox();
        var link = new RedisLink(options, "links", NullLogger.Instance);
        await link.OpenAsync(A, inbox, CancellationToken.None);

        link.Send(A, [1]);
        await inbox.UntilAsync(() => inbox.Frames.Count == 1, "the frame has come");
        await link.DisposeAsync();

        Assert.True(await connection.GetDatabase().PingAsync() > TimeSpan.Zero);
    }

    internal static JoinRequest JoinOf(NodeId node) =>
        new(node, 0, new ClusterMember(node, "", 1, 1, Leaving: false), Config, null, 5, 9);

    /// <summary>The words of the example in <c>docs/operations.md</c>.</summary>
    private static IEnumerable<string> RightsOfTheDocs()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "docs/operations.md")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        string docs = File.ReadAllText(Path.Combine(folder, "docs/operations.md"));
        int from = docs.IndexOf("ACL SETUSER", StringComparison.Ordinal);
        int to = docs.IndexOf("```", from, StringComparison.Ordinal);
        return docs[from..to].Split([' ', '\n', '\\'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<RedisLink> OpenAsync(
        string endPoint,
        NodeId self,
        RecordingInbox inbox,
        Action<SuperCacheRedisOptions>? configure = null,
        string cluster = "links")
    {
        var options = new SuperCacheRedisOptions { Configuration = endPoint };
        configure?.Invoke(options);
        var link = new RedisLink(options, cluster, NullLogger.Instance);
        await link.OpenAsync(self, inbox, CancellationToken.None);
        return link;
    }
}
