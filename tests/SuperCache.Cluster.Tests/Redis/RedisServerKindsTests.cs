using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using SuperCache.Identity;
using SuperCache.Redis;
using SuperCache.TestKit.Redis;
using Xunit;

namespace SuperCache.Cluster.Tests.Redis;

/// <summary>The ways in which Redis is run: with TLS and a password, and as a Redis Cluster.</summary>
public sealed class RedisServerKindsTests : IDisposable
{
    private static readonly NodeId A = new(0xA);
    private static readonly NodeId B = new(0xB);
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("supercache-tls-");

    [Fact]
    public async Task Tls_WithAPassword_CarriesCallsAndFrames()
    {
        Assert.SkipWhen(RedisProcess.Program is null, "Needs a redis-server.");
        string certificate = WriteCertificate(out string key);
        string port = FreePort.Next().ToString(Invariant);
        await using RedisProcess redis = await RedisProcess.StartAsync(
            false, "--tls-port", port, "--tls-cert-file", certificate, "--tls-key-file", key,
            "--tls-ca-cert-file", certificate, "--tls-auth-clients", "no");
        await using (ConnectionMultiplexer admin =
            await ConnectionMultiplexer.ConnectAsync(redis.EndPoint + ",allowAdmin=true"))
        {
            await admin.GetServers()[0].ConfigSetAsync("requirepass", "a-long-password");
        }

        var configuration = ConfigurationOptions.Parse($"127.0.0.1:{port},ssl=true,password=a-long-password");
        configuration.TrustIssuer(certificate);

        await RequireThatNodesMeetAsync(configuration, configuration);
    }

    [Fact]
    public async Task Tls_IsRefused_WhereNobodyVouchesForTheServer()
    {
        Assert.SkipWhen(RedisProcess.Program is null, "Needs a redis-server.");
        string certificate = WriteCertificate(out string key);
        string port = FreePort.Next().ToString(Invariant);
        await using RedisProcess redis = await RedisProcess.StartAsync(
            false, "--tls-port", port, "--tls-cert-file", certificate, "--tls-key-file", key,
            "--tls-ca-cert-file", certificate, "--tls-auth-clients", "no");
        var options = new SuperCacheRedisOptions
        {
            Configuration = $"127.0.0.1:{port},ssl=true",
            JoinTimeout = TimeSpan.FromSeconds(2),
        };
        await using var link = new RedisLink(options, "kinds", NullLogger.Instance);

        await Assert.ThrowsAsync<BackplaneUnavailableException>(
            async () => await link.OpenAsync(A, new RecordingInbox(), CancellationToken.None));
    }

    [Fact]
    public async Task RedisCluster_CarriesCallsAndFrames_BetweenNodesAtDifferentServers()
    {
        Assert.SkipWhen(RedisProcess.Program is null, "Needs a redis-server.");
        await using RedisProcess first = await StartOfClusterAsync();
        await using RedisProcess second = await StartOfClusterAsync();
        await using RedisProcess third = await StartOfClusterAsync();
        await FormClusterAsync(first, second, third);

        await RequireThatNodesMeetAsync(
            ConfigurationOptions.Parse(first.EndPoint), ConfigurationOptions.Parse(third.EndPoint));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Two nodes join one cluster and send each other a frame and everybody another.</summary>
    private static async Task RequireThatNodesMeetAsync(ConfigurationOptions ofA, ConfigurationOptions ofB)
    {
        (RecordingInbox a, RecordingInbox b) = (new RecordingInbox(), new RecordingInbox());
        await using RedisLink linkA = await OpenAsync(ofA, A, a);
        await using RedisLink linkB = await OpenAsync(ofB, B, b);

        linkA.Begin(1, RedisLinkTests.JoinOf(A));
        await a.UntilAsync(() => a.Replies.ContainsKey(1), "the first join is answered");
        linkB.Begin(1, RedisLinkTests.JoinOf(B));
        await b.UntilAsync(() => b.Replies.ContainsKey(1), "the second join is answered");
        linkA.Send(B, [1]);
        await b.UntilAsync(() => b.Frames.Count == 1, "the frame has come");
        linkB.Send(A, [2]);
        await a.UntilAsync(() => a.Frames.Count == 1, "the answer has come");
        linkA.Broadcast([3]);
        await a.UntilAsync(() => a.Frames.Count == 2, "the sender hears itself");
        await b.UntilAsync(() => b.Frames.Count == 2, "the other hears it");

        Assert.Equal(StoreStatus.Ok, a.Replies[1].Status);
        Assert.Equal(StoreStatus.Ok, b.Replies[1].Status);
        Assert.Equal([[1], [3]], b.Frames);
        Assert.Equal([[2], [3]], a.Frames);
    }

    private static async Task<RedisLink> OpenAsync(
        ConfigurationOptions configuration, NodeId self, RecordingInbox inbox)
    {
        var options = new SuperCacheRedisOptions { ConfigurationOptions = configuration };
        var link = new RedisLink(options, "kinds", NullLogger.Instance);
        await link.OpenAsync(self, inbox, CancellationToken.None);
        return link;
    }

    private static Task<RedisProcess> StartOfClusterAsync() =>
        RedisProcess.StartAsync(
            false, "--cluster-enabled", "yes", "--cluster-port", FreePort.Next().ToString(Invariant));

    private static async Task FormClusterAsync(params RedisProcess[] servers)
    {
        const int Slots = 16_384;
        string? busOfFirst = null;
        for (int i = 0; i < servers.Length; i++)
        {
            await using ConnectionMultiplexer admin =
                await ConnectionMultiplexer.ConnectAsync(servers[i].EndPoint + ",allowAdmin=true");
            IServer server = admin.GetServers()[0];
            busOfFirst ??= (await server.ConfigGetAsync("cluster-port"))[0].Value;
            await server.ExecuteAsync(
                "CLUSTER", "ADDSLOTSRANGE", i * Slots / servers.Length, ((i + 1) * Slots / servers.Length) - 1);
            await server.ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", servers[0].Port, busOfFirst);
        }

        foreach (RedisProcess each in servers)
        {
            await using ConnectionMultiplexer admin =
                await ConnectionMultiplexer.ConnectAsync(each.EndPoint + ",allowAdmin=true");
            IServer server = admin.GetServer("127.0.0.1", each.Port);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!IsFormed((string)(await server.ExecuteAsync("CLUSTER", "INFO"))!, servers.Length))
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }

    private static bool IsFormed(string info, int servers) =>
        info.Contains("cluster_state:ok", StringComparison.Ordinal)
        && info.Contains($"cluster_size:{servers}", StringComparison.Ordinal);

    /// <summary>A certificate for 127.0.0.1 that vouches for itself.</summary>
    private string WriteCertificate(out string keyPath)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string path = Path.Combine(_folder.FullName, "server.crt");
        keyPath = Path.Combine(_folder.FullName, "server.key");
        File.WriteAllText(path, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return path;
    }
}
