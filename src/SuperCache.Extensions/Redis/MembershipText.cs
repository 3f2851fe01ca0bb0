using System.Collections.Immutable;
using System.Globalization;
using SuperCache.Cluster;
using SuperCache.Identity;

namespace SuperCache.Redis;

/// <summary>How the store's content is written: short texts that scripts take apart, as <c>shared.lua</c> describes
/// them.</summary>
internal static class MembershipText
{
    /// <summary>64 bits as 16 hex digits, which a script compares as text.</summary>
    public static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>A node's id.</summary>
    public static string Hex(NodeId node) => Hex(node.Value);

    /// <summary>A number below 2^53.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Nodes, joined by commas.</summary>
    public static string Nodes(ImmutableArray<NodeId> nodes) => string.Join(',', nodes.Select(Hex));

    /// <summary>A member's row.</summary>
    public static string Member(ClusterMember member) => string.Join(
        ';',
        Hex(member.Id),
        Number(member.WireMin),
        Number(member.WireMax),
        member.Leaving ? "1" : "0",
        Uri.EscapeDataString(member.Label));

    /// <summary>All members, joined by bars.</summary>
    public static string View(ClusterView view) => string.Join('|', view.Members.Select(Member));

    /// <summary>A placement.</summary>
    public static string Placement(PartitionPlacement placement) => string.Join(
        ';',
        Number(placement.Epoch.Value),
        Hex(placement.Primary),
        Nodes(placement.Voters),
        Nodes(placement.ActiveVoters),
        placement.PollAll ? "1" : "0",
        Hex(placement.Nonce));

    /// <summary>A configuration; equal texts are equal configurations.</summary>
    public static string Config(ClusterFingerprint config) => string.Join(
        ';',
        Number(config.PartitionCount),
        Number(config.ReplicationFactor),
        Number((int)config.ReplicationMode),
        Number(config.KeyPosition),
        Number(config.PartitionPosition),
        Number((int)config.TableKind),
        Uri.EscapeDataString(config.KeyHash),
        Uri.EscapeDataString(config.Codec));

    /// <summary>Reads what <see cref="Hex(ulong)"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static ulong ReadHex(ReadOnlySpan<char> text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Reads a number.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static long ReadNumber(ReadOnlySpan<char> text) =>
        long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>Reads a view.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static ClusterView ReadView(string text) => text.Length == 0
        ? ClusterView.Empty
        : new ClusterView([.. text.Split('|').Select(ReadMember)]);

    /// <summary>Reads a placement.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static PartitionPlacement ReadPlacement(string text)
    {
        string[] parts = Parts(text, 6);
        return new PartitionPlacement(
            new Epoch(ReadNumber(parts[0])),
            new NodeId(ReadHex(parts[1])),
            ReadNodes(parts[2]),
            ReadNodes(parts[3]),
            parts[4] == "1",
            ReadHex(parts[5]));
    }

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static ClusterFingerprint ReadConfig(string text)
    {
        string[] parts = Parts(text, 8);
        return new ClusterFingerprint(
            (int)ReadNumber(parts[0]),
            (int)ReadNumber(parts[1]),
            (ReplicationMode)ReadNumber(parts[2]),
            (int)ReadNumber(parts[3]),
            (int)ReadNumber(parts[4]),
            (TableKind)ReadNumber(parts[5]),
            Uri.UnescapeDataString(parts[6]),
            Uri.UnescapeDataString(parts[7]));
    }

    /// <summary>Reads the counters in the answer to a poll.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static ImmutableSortedDictionary<NodeId, long> ReadCounters(string text)
    {
        var counters = ImmutableSortedDictionary.CreateBuilder<NodeId, long>();
        foreach (string pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=');
            counters[new NodeId(ReadHex(parts[0]))] = ReadNumber(parts[^1]);
        }

        return counters.ToImmutable();
    }

    private static ClusterMember ReadMember(string text)
    {
        string[] parts = Parts(text, 5);
        return new ClusterMember(
            new NodeId(ReadHex(parts[0])),
            Uri.UnescapeDataString(parts[4]),
            (int)ReadNumber(parts[1]),
            (int)ReadNumber(parts[2]),
            parts[3] == "1");
    }

    private static ImmutableArray<NodeId> ReadNodes(string text) => text.Length == 0
        ? []
        : [.. text.Split(',').Select(id => new NodeId(ReadHex(id)))];

    private static string[] Parts(string text, int count)
    {
        string[] parts = text.Split(';');
        return parts.Length >= count
            ? parts
            : throw new FormatException($"Expected {count} parts, found {parts.Length}.");
    }
}
