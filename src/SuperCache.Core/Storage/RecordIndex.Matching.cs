using SuperCache.Matching;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <content>Visiting and removing by pattern.</content>
internal sealed partial class RecordIndex<TContent>
{
    /// <inheritdoc/>
    public override void Visit(MatchPattern? pattern, TimeProvider clock, RecordVisitor visitor)
    {
        if (CanMatch(pattern))
        {
            Visit(new MatchingVisitor(FilterFor(pattern), _key, clock, visitor));
        }
    }

    /// <inheritdoc/>
    public override Func<int> Choose(MatchPattern pattern, TimeProvider clock, NodeKeeper keeper)
    {
        if (!CanMatch(pattern))
        {
            return () => 0;
        }

        Func<TContent, bool> matches = FilterFor(pattern);
        List<EntryNode> nodes = [];
        Func<int> remove = Choose((slot, node) =>
        {
            bool chosen = matches(slot);
            if (chosen && node is not null)
            {
                nodes.Add(node);
            }

            return chosen;
        });
        return () =>
        {
            int removed = remove();
            foreach (EntryNode node in nodes)
            {
                removed -= node.IsThere(clock) ? 0 : 1;
                keeper.Leave(node, RemovalReason.Deleted);
            }

            return removed;
        };
    }

    /// <summary>Whether records of this type can have a pattern's length (M1).</summary>
    private static bool CanMatch(MatchPattern? pattern) =>
        pattern is null || !RecordLayout<TContent>.IsInline || RecordLayout<TContent>.Arity == pattern.Elements.Length;

    private Func<TContent, bool> FilterFor(MatchPattern? pattern)
    {
        if (pattern is null)
        {
            return _ => true;
        }

        if (!RecordLayout<TContent>.IsInline)
        {
            return slot => pattern.Matches(_key.Record(in slot));
        }

        var filter = new InlineFilter<TContent>(pattern, RecordLayout<TContent>.At);
        return slot => filter.Matches(in slot);
    }

    private sealed class MatchingVisitor(
        Func<TContent, bool> matches, RecordElement<TContent> key, TimeProvider clock, RecordVisitor visitor)
            : SlotVisitor<TContent>
    {
        public override void Visit(in TContent slot, EntryNode? node)
        {
            if (matches(slot) && (node is null || node.IsThere(clock)))
            {
                visitor.Visit(key.Record(in slot));
            }
        }
    }
}
