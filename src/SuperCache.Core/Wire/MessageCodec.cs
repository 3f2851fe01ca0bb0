using SuperCache.Identity;

namespace SuperCache.Wire;

/// <summary>
/// Turns messages into bytes and back. Every partition message begins with partition (u16) and epoch (i64); the other
/// fields follow in the
/// order of the record. Deadlines travel as remaining life. A body may grow at its end: what a reader does not know it
/// ignores.
/// </summary>
internal static partial class MessageCodec
{
    /// <summary>Marks of an effect's kind: a remaining life follows.</summary>
    private const int HasDeadline = 0x80;

    /// <summary>A remaining life follows that no read prolongs.</summary>
    private const int HasLimit = 0x40;

    /// <summary>Writes a message's body.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="message">The message.</param>
    /// <param name="now">The writing node's monotonic clock, in milliseconds.</param>
    /// <returns>The kind that belongs before it.</returns>
    public static MessageKind Write(MessageWriter writer, Message message, long now)
    {
        if (message is PartitionMessage about)
        {
            writer.U16(about.Partition.Value);
            writer.I64(about.Epoch.Value);
        }

        switch (message)
        {
            case AppendMessage m:
                writer.Stamp(m.Previous);
                writer.I64(m.Commit.Value);
                writer.I64(m.Last.Value);
                writer.I32(m.Round);
                WriteEntries(writer, m.Entries, now);
                return MessageKind.Append;
            case AckMessage m:
                writer.I64(m.Matched.Value);
                writer.I32(m.Round);
                writer.Bool(m.Complete);
                writer.I32(m.Credit);
                return MessageKind.Ack;
            case NackMessage:
                return MessageKind.Nack;
            case FetchMessage m:
                writer.Stamp(m.Last);
                writer.Bool(m.Full);
                return MessageKind.Fetch;
            case ChunkMessage m:
                WriteChunk(writer, m, now);
                return MessageKind.Chunk;
            case ChunkAckMessage m:
                writer.I64(m.Session);
                writer.I32(m.Bucket);
                return MessageKind.ChunkAck;
            case QueryMessage:
                return MessageKind.Query;
            case QueryReplyMessage m:
                writer.Stamp(m.Last);
                writer.Bool(m.Complete);
                writer.I64(m.Known.Value);
                writer.I32(m.Holders.Length);
                foreach (NodeId holder in m.Holders)
                {
                    writer.Node(holder);
                }

                return MessageKind.QueryReply;
            case PullMessage m:
                writer.Stamp(m.Last);
                writer.Bool(m.Full);
                return MessageKind.Pull;
            case PullReplyMessage m:
                writer.Stamp(m.Previous);
                WriteEntries(writer, m.Entries, now);
                return MessageKind.PullReply;
            default:
                return WriteOther(writer, message);
        }
    }

    private static MessageKind WriteOther(MessageWriter writer, Message message)
    {
        switch (message)
        {
            case RequestMessage m:
                writer.I64(m.RequestId);
                writer.I32(m.Attempt);
                writer.I32(m.RemainingMs);
                writer.Bool(m.IsWrite);
                writer.U64(m.ConflictKey);
                writer.Bytes(m.Operation);
                return MessageKind.Request;
            case ResponseMessage m:
                writer.I64(m.RequestId);
                writer.I32(m.Attempt);
                writer.U8((byte)m.Status);
                writer.Stamp(m.Position);
                writer.Bytes(m.Result);
                return MessageKind.Response;
            case QuorumReadMessage m:
                writer.I64(m.ReadId);
                writer.I32(m.Attempt);
                writer.Bytes(m.Operation);
                return MessageKind.QuorumRead;
            case QuorumReadReplyMessage m:
                writer.I64(m.ReadId);
                writer.I32(m.Attempt);
                writer.Bool(m.Complete);
                writer.Stamp(m.Position);
                writer.Bytes(m.Result);
                return MessageKind.QuorumReadReply;
            case PingMessage m:
                writer.I64(m.Nonce);
                return MessageKind.Ping;
            case MapChangedMessage m:
                writer.I64(m.Version);
                return MessageKind.MapChanged;
            case StatusMessage m:
                writer.I64(m.QueryId);
                return MessageKind.Status;
            case StatusReplyMessage m:
                writer.I64(m.QueryId);
                writer.I32(m.Primaries);
                writer.I32(m.Replicas);
                writer.I64(m.Records);
                writer.I64(m.PrimaryRecords);
                writer.I64(m.Lag);
                return MessageKind.StatusReply;
            default:
                throw new ArgumentOutOfRangeException(nameof(message));
        }
    }

    private static void WriteChunk(MessageWriter writer, ChunkMessage m, long now)
    {
        writer.I64(m.Session);
        writer.Stamp(m.Start);
        writer.I32(m.Bucket);
        writer.I32(m.BucketCount);
        writer.Stamp(m.Tag);
        WriteEffects(writer, m.Entries, now);
        writer.I32(m.Requests.Length);
        foreach (RecentRequest request in m.Requests)
        {
            writer.Node(request.Origin);
            writer.I64(request.RequestId);
            writer.Stamp(request.Stamp);
            writer.Bytes(request.Result);
        }

        writer.I32(m.Part);
        writer.Bool(m.IsLastPart);
    }

    private static void WriteEntries(MessageWriter writer, LogEntry[] entries, long now)
    {
        writer.I32(entries.Length);
        foreach (LogEntry entry in entries)
        {
            writer.Stamp(entry.Stamp);
            writer.Node(entry.Origin);
            writer.I64(entry.RequestId);
            writer.Bytes(entry.Result);
            WriteEffects(writer, entry.Effects, now);
        }
    }

    private static void WriteEffects(MessageWriter writer, Effect[] effects, long now)
    {
        writer.I32(effects.Length);
        foreach (Effect effect in effects)
        {
            bool ends = effect.Deadline != Effect.NoDeadline;
            bool isLimited = effect.Limit != Effect.NoDeadline;
            writer.U8((byte)((int)effect.Kind | (ends ? HasDeadline : 0) | (isLimited ? HasLimit : 0)));
            writer.U8((byte)effect.Table);
            writer.Bytes(effect.Key);
            writer.Bytes(effect.Value);
            if (ends)
            {
                writer.I64(Math.Max(0, effect.Deadline - now));
            }

            if (isLimited)
            {
                writer.I64(Math.Max(0, effect.Limit - now));
            }
        }
    }
}
