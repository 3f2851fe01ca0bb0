using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SuperCache.Matching;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache.Replication.Operations;

/// <content>What operations come to, and what they are answered.</content>
internal sealed partial class TablesState
{
    /// <summary>How many keys one delete by match names; it is asked again for the rest.</summary>
    private const int MaxMatchedKeys = 32_768;

    /// <summary>How many bytes of keys one delete by match names, or one key.</summary>
    private const int MaxMatchedBytes = 1 << 20;

    /// <summary>Reused while a key's entries are looked at.</summary>
    private readonly List<StoredEntry> _entries = [];

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "What a record's own equality throws is the answer.")]
    public Evaluation Evaluate(byte[] operation)
    {
        try
        {
            return Decide(operation);
        }
        catch (SuperCacheException error)
        {
            return new Evaluation([], OperationResult.Refusal(error.Text));
        }
        catch (Exception error)
        {
            return new Evaluation([], OperationResult.Failure(error));
        }
    }

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "What a record's own equality throws is the answer.")]
    public byte[] Answer(byte[] operation)
    {
        try
        {
            return Find(operation);
        }
        catch (SuperCacheException error)
        {
            return OperationResult.Refusal(error.Text);
        }
        catch (Exception error)
        {
            return OperationResult.Failure(error);
        }
    }

    private Evaluation Decide(byte[] operation)
    {
        TableId table = TableOf(operation);
        var code = (OperationCode)operation[0];
        var reader = new MessageReader(operation.AsSpan(2));
        switch (code)
        {
            case OperationCode.Put:
            case OperationCode.PutMany:
                EntryTermsBytes terms = EntryTermsBytes.Read(ref reader);
                EnsureStorable(code, table, operation, ref reader);
                EffectKind kind = code == OperationCode.Put ? EffectKind.Put : EffectKind.PutMany;
                long limit = EndAfter(terms.Life);
                long deadline = terms.Sliding == 0 ? limit : Math.Min(limit, EndAfter(terms.Sliding));
                return new Evaluation([new Effect(kind, (int)table, [], operation, deadline, limit)], []);
            case OperationCode.Delete:
                return DecideDelete(table, operation[2..]);
            case OperationCode.DeleteMatch:
                return DecideDelete(table, ReadPattern(ref reader));
            case OperationCode.Clear:
                return new Evaluation(
                    CountOf((int)table) == 0 && !_lacked.HasAny(table)
                        ? [] : [new Effect(EffectKind.Clear, (int)table, [], [])],
                    OperationResult.Count(CountOf((int)table)));
            case OperationCode.Expire:
            case OperationCode.Evict:
            case OperationCode.Touch:
                var effects = new List<Effect>();
                DecideUpkeep(code, table, ref reader, effects);
                return new Evaluation([.. effects], []);
            default:
                throw new UnsupportedValueException($"Unknown write {code}.");
        }
    }

    /// <summary>Refuses what this node could acknowledge and not store: records of types that only the caller's node
    /// knows, and keys and records of a bag whose comparison throws.</summary>
    private void EnsureStorable(OperationCode code, TableId table, byte[] operation, ref MessageReader reader)
    {
        RecordShape shape = shared.Shapes[(int)table];
        if (shared.Staged is { } staged && ReferenceEquals(staged.Operation, operation))
        {
            Compare(table, staged.Mover, shape);
            return;
        }

        HashSet<object>? compared = null;
        bool isOne = code == OperationCode.Put;
        int count = isOne ? 1 : reader.Count(sizeof(int));
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            int length = isOne ? reader.Remaining : reader.I32();
            int start = operation.Length - reader.Remaining;
            reader.Slice((uint)length);
            RecordMover mover = Load(reader.Failed ? default : operation.AsMemory(start, length));
            mover.HashKey(shape);
            if (Compare(table, mover, shape) is { } key)
            {
                // Others of its operation, too, will be compared with it.
                (compared ??= []).Add(key);
            }

            mover.Clear();
        }

        if (reader.Failed)
        {
            throw Malformed();
        }
    }

    /// <summary>Compares a key, and in a bag the record, as storing it will: where that throws, nothing has changed
    /// yet.</summary>
    /// <returns>The key; null where it is plain, and need not be compared.</returns>
    private object? Compare(TableId table, RecordMover mover, RecordShape shape)
    {
        object? key = mover.KeyUnlessPlain(shape.KeyPosition);
        bool isRecordCompared = shared.IsBag(table) && !shared.AllowsDuplicates(table) && mover.MayThrow;
        if (key is null && !isRecordCompared)
        {
            return null;
        }

        foreach (StoredEntry entry in EntriesOf(table, key ?? mover.Record[shape.KeyPosition]!))
        {
            _ = isRecordCompared && entry.Record.Equals(mover.Record);
        }

        return key;
    }

    private byte[] Find(byte[] operation)
    {
        TableId table = TableOf(operation);
        var code = (OperationCode)operation[0];
        var reader = new MessageReader(operation.AsSpan(2));
        var records = new List<ITuple>();
        switch (code)
        {
            case OperationCode.Get:
                object key = ReadKey(operation[2..]);
                partition.Find(table)?.Collect(key, shared.Shapes[(int)table].HashKey(key), records);
                return OperationResult.Records(records, shared.Wire);
            case OperationCode.MatchRecords:
                FindMatching(table, ReadPattern(ref reader), records, isRead: true);
                return OperationResult.Records(records, shared.Wire);
            case OperationCode.Match:
                MatchPattern pattern = ReadPattern(ref reader);
                FindMatching(table, pattern, records, isRead: true);
                List<object?[]> bindings = [.. records.Select(record => pattern.Bind(record)).OfType<object?[]>()];
                return OperationResult.Bindings(bindings, shared.Wire);
            case OperationCode.Count:
                return OperationResult.Count(CountOf((int)table));
            default:
                throw new UnsupportedValueException($"Unknown read {code}.");
        }
    }

    private static TableId TableOf(byte[] operation)
    {
        TableId table = operation.Length < 2 ? TableId.Live : (TableId)operation[1];
        return table is TableId.Records or TableId.Bytes
            ? table : throw Malformed();
    }

    private static UnsupportedValueException Malformed() => new("The operation is malformed.");

    private MatchPattern ReadPattern(ref MessageReader reader) =>
        PatternCodec.Read(ref reader, shared.Wire)
            ?? throw new UnsupportedValueException(
                "The pattern cannot be read. Are the same wire types registered at every node?");

    /// <param name="table">Where.</param>
    /// <param name="pattern">What matches.</param>
    /// <param name="into">Gets the records.</param>
    /// <param name="isRead">Whether a caller reads them, so that sliding entries live on.</param>
    private void FindMatching(TableId table, MatchPattern pattern, List<ITuple> into, bool isRead)
    {
        if (partition.Find(table) is not { } target)
        {
            return;
        }

        if (!pattern.TryGetValue(shared.Shapes[(int)table].KeyPosition, out object? key))
        {
            target.Visit(pattern, new Collector(into));
        }
        else if (key is not null && !isRead)
        {
            into.AddRange(EntriesOf(table, key).Where(entry => IsThere(entry.Node)).Select(entry => entry.Record));
            into.RemoveAll(record => !pattern.Matches(record));
        }
        else if (key is not null)
        {
            target.Collect(key, shared.Shapes[(int)table].HashKey(key), into);
            into.RemoveAll(record => !pattern.Matches(record));
        }
    }

    private Evaluation DecideDelete(TableId table, byte[] keyBytes)
    {
        object key = ReadKey(keyBytes);
        int there = 0;
        foreach (StoredEntry entry in EntriesOf(table, key))
        {
            there += IsThere(entry.Node) ? 1 : 0;
        }

        bool hasAny = there > 0 || _lacked.Has(table, key);
        Effect[] effects = !hasAny ? [] : [new Effect(EffectKind.Delete, (int)table, keyBytes, [])];
        return new Evaluation(effects, OperationResult.Count(there));
    }

    private Evaluation DecideDelete(TableId table, MatchPattern pattern)
    {
        var matching = new List<ITuple>();
        FindMatching(table, pattern, matching, isRead: false);
        int position = shared.Shapes[(int)table].KeyPosition;
        var keys = new HashSet<object>();
        bool hasMore = false;
        foreach (ITuple record in matching)
        {
            if (keys.Count == MaxMatchedKeys && !keys.Contains(record[position]!))
            {
                hasMore = true;
                break;
            }

            keys.Add(record[position]!);
        }

        var effects = new List<Effect>(keys.Count);
        long deleted = 0;
        long bytes = 0;
        foreach (object key in keys)
        {
            if (bytes > MaxMatchedBytes)
            {
                hasMore = true;
                break;
            }

            List<StoredEntry> entries = EntriesOf(table, key);
            List<int> places = [];
            for (int i = 0; i < entries.Count; i++)
            {
                if (IsThere(entries[i].Node) && pattern.Matches(entries[i].Record))
                {
                    places.Add(i);
                }
            }

            deleted += places.Count;
            AddRemoval(effects, table, key, places, entries.Count, RemovalReason.Deleted);
            bytes += effects.Count == 0 ? 0 : effects[^1].Key.Length + effects[^1].Value.Length;
        }

        return new Evaluation([.. effects], OperationResult.Count(deleted, hasMore));
    }

    private void DecideUpkeep(OperationCode code, TableId table, ref MessageReader reader, List<Effect> effects)
    {
        int count = reader.Count(sizeof(int));

        // A key is named once for each of its entries that is due. All that is decided here is decided by the table as
        // it is: places named twice would be other entries' places the second time.
        var decided = new HashSet<object>();
        for (int i = 0; i < count; i++)
        {
            long age = code == OperationCode.Touch ? reader.I64() : 0;
            object key = ReadKey(reader.Bytes());
            if (code != OperationCode.Touch && !decided.Add(key))
            {
                continue;
            }

            List<StoredEntry> entries = EntriesOf(table, key);
            List<int> places = [];
            for (int place = 0; place < entries.Count; place++)
            {
                if (code == OperationCode.Touch)
                {
                    AddExtension(effects, table, key, entries[place], place, age);
                }
                else if (IsToGo(code, entries[place].Node))
                {
                    places.Add(place);
                }
            }

            RemovalReason reason = code == OperationCode.Evict ? RemovalReason.Evicted : RemovalReason.Expired;
            AddRemoval(effects, table, key, places, entries.Count, reason);
        }
    }

    /// <summary>What is to go was taken out of its queue before; see <see cref="Partition.TakeVictim"/>.</summary>
    private bool IsToGo(OperationCode code, EntryNode? node) => code == OperationCode.Evict
        ? node is { Priority: < CacheEntryPriority.NeverEvict, Queue.List: null }
        : !IsThere(node);

    private void AddRemoval(
        List<Effect> effects, TableId table, object key, List<int> places, int entries, RemovalReason reason)
    {
        if (places.Count == 0)
        {
            return;
        }

        byte[] keyBytes = shared.Writer.Key(key);
        byte[] mark = reason == RemovalReason.Deleted ? [] : [(byte)reason];
        if (places.Count == entries && !_lacked.Has(table, key))
        {
            effects.Add(new Effect(EffectKind.Delete, (int)table, keyBytes, mark));
            return;
        }

        byte[] value = new byte[1 + (places.Count * sizeof(int))];
        value[0] = (byte)reason;
        for (int i = 0; i < places.Count; i++)
        {
            int place = _lacked.PlaceOf(table, key, places[i]);
            BitConverter.TryWriteBytes(value.AsSpan(1 + (i * sizeof(int))), place);
        }

        effects.Add(new Effect(EffectKind.DeleteSome, (int)table, keyBytes, value));
    }

    /// <summary>A read somewhere moved an entry's end: where the primary, too, finds it later than all copies know,
    /// they are told.</summary>
    private void AddExtension(
        List<Effect> effects, TableId table, object key, StoredEntry entry, int place, long age)
    {
        if (entry.Node is not { Sliding: > 0, Toucher: EntryBearer bearer } node)
        {
            return;
        }

        long readAt = shared.Clock.GetUtcNow().UtcTicks - age;
        long asked = readAt > node.Limit - node.Sliding ? node.Limit : readAt + node.Sliding;
        long deadline = Math.Max(node.Deadline, node.IsExpired(readAt) ? 0 : asked);
        if (deadline > bearer.Told)
        {
            bearer.Told = deadline;
            long end = shared.NodeClock.Now
                + ((deadline - shared.Clock.GetUtcNow().UtcTicks) / TimeSpan.TicksPerMillisecond);
            byte[] named = BitConverter.GetBytes(_lacked.PlaceOf(table, key, place));
            effects.Add(new Effect(EffectKind.Extend, (int)table, shared.Writer.Key(key), named, end));
        }
    }

    private List<StoredEntry> EntriesOf(TableId table, object key)
    {
        _entries.Clear();
        partition.CollectEntries(table, key, shared.Shapes[(int)table].HashKey(key), _entries);
        return _entries;
    }

    private bool IsThere(EntryNode? node) => node is null || node.IsThere(shared.Clock);

    /// <summary>The moment after a life, in milliseconds of this node's clock; what is begun counts whole.</summary>
    private long EndAfter(long life)
    {
        if (life == long.MaxValue)
        {
            return Effect.NoDeadline;
        }

        long milliseconds = (life / TimeSpan.TicksPerMillisecond)
            + (life % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
        long now = shared.NodeClock.Now;
        return milliseconds >= Effect.NoDeadline - now ? Effect.NoDeadline : now + milliseconds;
    }

    private sealed class Collector(List<ITuple> into) : RecordVisitor
    {
        public override void Visit(ITuple record) => into.Add(record);
    }
}
