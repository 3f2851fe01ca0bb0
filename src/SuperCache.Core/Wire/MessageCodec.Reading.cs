using SuperCache.Identity;

namespace SuperCache.Wire;

/// <summary>The reading half.</summary>
internal static partial class MessageCodec
{
    private const int LeastEffectBytes = 10;
    private const int LeastEntryBytes = 40;
    private const int LeastRequestBytes = 36;
    private const int NodeBytes = 8;

    /// <summary>Reads a message's body.</summary>
    /// <param name="kind">The kind that stood before it.</param>
    /// <param name="bytes">The body.</param>
    /// <param name="now">The reading node's monotonic clock, in milliseconds.</param>
    /// <returns>Null when the kind is unknown or the bytes are no such message.</returns>
    public static Message? Read(MessageKind kind, ReadOnlySpan<byte> bytes, long now)
    {
        var reader = new MessageReader(bytes);
        Message? message = kind switch
        {
            MessageKind.Ping => new PingMessage(reader.I64()),
            MessageKind.MapChanged => new MapChangedMessage(reader.I64()),
            MessageKind.Status => new StatusMessage(reader.I64()),
            MessageKind.StatusReply => new StatusReplyMessage(
                reader.I64(), reader.I32(), reader.I32(), reader.I64(), reader.I64(), reader.I64()),
            _ => ReadAboutPartition(kind, ref reader, now),
        };
        return reader.Failed ? null : message;
    }

    private static PartitionMessage? ReadAboutPartition(MessageKind kind, ref MessageReader reader, long now)
    {
        var partition = new PartitionId(reader.U16());
        Epoch epoch = reader.Epoch();
        return kind switch
        {
            MessageKind.Append => ReadAppend(partition, epoch, ref reader, now),
            MessageKind.Ack =>
                new AckMessage(partition, epoch, reader.Sequence(), reader.I32(), reader.Bool(), reader.I32()),
            MessageKind.Nack => new NackMessage(partition, epoch),
            MessageKind.Fetch => new FetchMessage(partition, epoch, reader.Stamp(), reader.Bool()),
            MessageKind.Chunk => ReadChunk(partition, epoch, ref reader, now),
            MessageKind.ChunkAck => new ChunkAckMessage(partition, epoch, reader.I64(), reader.I32()),
            MessageKind.Query => new QueryMessage(partition, epoch),
            MessageKind.QueryReply => ReadQueryReply(partition, epoch, ref reader),
            MessageKind.Pull => new PullMessage(partition, epoch, reader.Stamp(), reader.Bool()),
            MessageKind.PullReply => ReadPullReply(partition, epoch, ref reader, now),
            MessageKind.Request => new RequestMessage(
                partition, epoch, reader.I64(
                    ), reader.I32(), reader.I32(), reader.Bool(), reader.U64(), reader.Bytes()),
            MessageKind.Response => new ResponseMessage(
                partition, epoch, reader.I64(
                    ), reader.I32(), (ResponseStatus)reader.U8(), reader.Stamp(), reader.Bytes()),
            MessageKind.QuorumRead =>
                new QuorumReadMessage(partition, epoch, reader.I64(), reader.I32(), reader.Bytes()),
            MessageKind.QuorumReadReply => new QuorumReadReplyMessage(
                partition, epoch, reader.I64(), reader.I32(), reader.Bool(), reader.Stamp(), reader.Bytes()),
            _ => null,
        };
    }

    private static ChunkMessage ReadChunk(PartitionId partition, Epoch epoch, ref MessageReader reader, long now)
    {
        long session = reader.I64();
        Stamp start = reader.Stamp();
        int bucket = reader.I32();
        int bucketCount = reader.I32();
        Stamp tag = reader.Stamp();
        Effect[] entries = ReadEffects(ref reader, now);
        var requests = new RecentRequest[reader.Count(LeastRequestBytes)];
        for (int i = 0; i < requests.Length && !reader.Failed; i++)
        {
            requests[i] = new RecentRequest(reader.Node(), reader.I64(), reader.Stamp(), reader.Bytes());
        }

        int part = reader.I32();
        bool isLastPart = reader.Bool();
        bool isCount = bucketCount is >= 1 and <= 65_536 && int.IsPow2(bucketCount);
        if (part < 0 || !isCount || bucket < 0 || bucket > bucketCount)
        {
            reader.Fail();
        }

        return new ChunkMessage(partition, epoch, session, start, bucket, bucketCount, tag, entries, requests, part,
            isLastPart);
    }

    private static AppendMessage ReadAppend(PartitionId partition, Epoch epoch, ref MessageReader reader, long now)
    {
        Stamp previous = reader.Stamp();
        Sequence commit = reader.Sequence();
        Sequence last = reader.Sequence();
        int round = reader.I32();
        LogEntry[] entries = ReadEntries(ref reader, now, previous, epoch);
        return new AppendMessage(partition, epoch, previous, commit, last, round, entries);
    }

    private static QueryReplyMessage ReadQueryReply(PartitionId partition, Epoch epoch, ref MessageReader reader)
    {
        Stamp last = reader.Stamp();
        bool isComplete = reader.Bool();
        Epoch known = reader.Epoch();
        var holders = new NodeId[reader.Count(NodeBytes)];
        for (int i = 0; i < holders.Length && !reader.Failed; i++)
        {
            holders[i] = reader.Node();
        }

        if (known > epoch)
        {
            reader.Fail();
        }

        return new QueryReplyMessage(partition, epoch, last, isComplete, known, holders);
    }

    private static PullReplyMessage ReadPullReply(
        PartitionId partition, Epoch epoch, ref MessageReader reader, long now)
    {
        Stamp previous = reader.Stamp();
        return new PullReplyMessage(partition, epoch, previous, ReadEntries(ref reader, now, previous, epoch));
    }

    /// <summary>Reads ops that follow a place one by one, in reigns that never fall and are not after the
    /// sender's.</summary>
    private static LogEntry[] ReadEntries(ref MessageReader reader, long now, Stamp previous, Epoch latest)
    {
        var entries = new LogEntry[reader.Count(LeastEntryBytes)];
        for (int i = 0; i < entries.Length && !reader.Failed; i++)
        {
            Stamp stamp = reader.Stamp();
            NodeId origin = reader.Node();
            long requestId = reader.I64();
            byte[] result = reader.Bytes();
            if (stamp.Sequence.Value - 1 != previous.Sequence.Value || stamp.Epoch < previous.Epoch
                || stamp.Epoch > latest)
            {
                reader.Fail();
                return [];
            }

            previous = stamp;
            entries[i] = new LogEntry(stamp, ReadEffects(ref reader, now), origin, requestId, result);
        }

        return entries;
    }

    private static Effect[] ReadEffects(ref MessageReader reader, long now)
    {
        var effects = new Effect[reader.Count(LeastEffectBytes)];
        for (int i = 0; i < effects.Length; i++)
        {
            int marked = reader.U8();
            var kind = (EffectKind)(marked & ~(HasDeadline | HasLimit));
            int table = reader.U8();
            byte[] key = reader.Bytes();
            byte[] value = reader.Bytes();
            long deadline = (marked & HasDeadline) != 0 ? ReadEnd(ref reader, now) : Effect.NoDeadline;
            long limit = (marked & HasLimit) != 0 ? ReadEnd(ref reader, now) : Effect.NoDeadline;
            if (kind is < EffectKind.Put or > EffectKind.PutMany || reader.Failed)
            {
                reader.Fail();
                return [];
            }

            effects[i] = new Effect(kind, table, key, value, deadline, limit);
        }

        return effects;
    }

    private static long ReadEnd(ref MessageReader reader, long now)
    {
        long life = reader.I64();
        if (life < 0 || life > Effect.NoDeadline - now)
        {
            reader.Fail();
            return Effect.NoDeadline;
        }

        return now + life;
    }
}
