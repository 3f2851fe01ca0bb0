namespace SuperCache.TestKit.Redis;

/// <summary>One server for the tests of a class: redis-server from PATH, or Garnet where there is none; on the build
/// machine redis-server is required.</summary>
public sealed class RedisFixture : IAsyncDisposable
{
    private readonly RedisProcess? _redis;
    private readonly GarnetHost? _garnet;

    private RedisFixture(RedisProcess? redis, GarnetHost? garnet) => (_redis, _garnet) = (redis, garnet);

    /// <summary>Where it listens.</summary>
    public string EndPoint => _redis?.EndPoint ?? _garnet!.EndPoint;

    /// <summary>Starts a server.</summary>
    /// <exception cref="InvalidOperationException">There is no redis-server, and <c>CI</c> is set.</exception>
    public static async Task<RedisFixture> StartAsync()
    {
        if (RedisProcess.Program is not null)
        {
            return new RedisFixture(await RedisProcess.StartAsync(), null);
        }

        return Environment.GetEnvironmentVariable("CI") is null
            ? new RedisFixture(null, GarnetHost.Start())
            : throw new InvalidOperationException("There is no redis-server in PATH; the build machine needs one.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _garnet?.Dispose();
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }
}
