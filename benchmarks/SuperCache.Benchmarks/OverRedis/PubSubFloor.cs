using StackExchange.Redis;

namespace SuperCache.Benchmarks.OverRedis;

/// <summary>The least that a message to another node and its answer can cost over this server: a bare request and
/// response by pub/sub, with the same library and ordered queues.</summary>
internal sealed class PubSubFloor : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _client;
    private readonly ConnectionMultiplexer _server;
    private readonly RedisChannel _requests = RedisChannel.Literal("floor:requests");
    private readonly RedisChannel _responses = RedisChannel.Literal("floor:responses");
    private TaskCompletionSource _answered = new();

    private PubSubFloor(ConnectionMultiplexer client, ConnectionMultiplexer server) =>
        (_client, _server) = (client, server);

    public static async Task<PubSubFloor> StartAsync(string redis)
    {
        var floor = new PubSubFloor(
            await ConnectionMultiplexer.ConnectAsync(redis), await ConnectionMultiplexer.ConnectAsync(redis));
        ISubscriber server = floor._server.GetSubscriber();
        (await server.SubscribeAsync(floor._requests)).OnMessage(
            message => server.Publish(floor._responses, message.Message, CommandFlags.FireAndForget));
        (await floor._client.GetSubscriber().SubscribeAsync(floor._responses)).OnMessage(
            _ => floor._answered.TrySetResult());
        return floor;
    }

    public async Task CallAsync(byte[] payload)
    {
        _answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _client.GetSubscriber().Publish(_requests, payload, CommandFlags.FireAndForget);
        await _answered.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }
}
