using System.Collections.Frozen;
using System.Reflection;
using SuperCache.Cluster;

namespace SuperCache.Redis;

/// <summary>The Lua scripts, one for each kind of request; their sources are the <c>.lua</c> files beside
/// this.</summary>
/// <remarks><see cref="MembershipScripts"/> is what they must equal; a test runs both over random requests.</remarks>
internal static class MembershipScript
{
    private static readonly string Shared = Source("shared");
    private static readonly string Succession = Source("succession");

    private static readonly FrozenDictionary<Type, string> Scripts = new Dictionary<Type, string>
    {
        [typeof(JoinRequest)] = Shared + Succession + Source("join"),
        [typeof(RestoreRequest)] = Shared + Succession + Source("restore"),
        [typeof(DeadRequest)] = Shared + Succession + Source("dead"),
        [typeof(RenewRequest)] = Shared + Source("renew"),
        [typeof(PollRequest)] = Shared + Source("poll"),
        [typeof(CasRequest)] = Shared + Source("cas"),
        [typeof(LeaveRequest)] = Shared + Source("leave"),
    }.ToFrozenDictionary();

    /// <summary>Looks whether a key changes while it runs: it does not where scripts run one at a time.</summary>
    public static string Probe { get; } = Source("probe");

    /// <summary>The script that carries out a request.</summary>
    public static string For(StoreRequest request) => Scripts[request.GetType()];

    private static string Source(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd() + "\n";
    }
}
