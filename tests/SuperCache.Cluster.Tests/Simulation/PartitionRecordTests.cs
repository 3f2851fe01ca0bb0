using SuperCache.Identity;
using SuperCache.TestKit.Simulation;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Cluster.Tests.Simulation;

/// <summary>What the checkers count as committed and as lost.</summary>
public class PartitionRecordTests
{
    /// <summary>Seed 4935 in strong mode: ops that a history committed while it was given up, and that count since it
    /// was revived, were neither committed nor lost when a later recovery reported their loss.</summary>
    [Fact]
    public void ReportedLoss_IncludesWhatWasCommittedOnlyByWhatFollowsIt()
    {
        var record = new PartitionRecord();
        Stamp first = Append(record, 1, 1, Stamp.Zero);
        Stamp unheard = Append(record, 1, 2, first);
        Stamp next = Append(record, 2, 3, unheard);
        record.Committed[1] = record.Appended[first].Entry;
        record.Committed[3] = record.Appended[next].Entry;

        record.Excuse(new Epoch(5), first);
        record.OnCommitting(Append(record, 5, 2, first));

        Assert.Equal([unheard, next], record.Lost.Order());
        Assert.Equal(1, Assert.Single(record.Committed).Key);
    }

    /// <summary>Seed 11198 in async mode: of two reigns that superseded what was committed, and that committed at once,
    /// the older counted as the latest.</summary>
    [Fact]
    public void LatestReignThatSuperseded_IsTheLatest_WhenSeveralTakeEffectAtOnce()
    {
        var record = new PartitionRecord();
        Stamp first = Append(record, 1, 1, Stamp.Zero);
        record.Committed[1] = record.Appended[first].Entry;
        Stamp between = Append(record, 5, 2, first);
        record.Excuse(new Epoch(5), first);
        record.Excuse(new Epoch(7), between);

        record.OnCommitting(Append(record, 7, 3, between));

        Assert.Equal((new Epoch(7), 2), (record.UnsafeEpoch, record.UnsafeCount));
    }

    /// <summary>Seed 14537 in strong mode: a node that had slept since it asked for activation committed in a reign
    /// that a later one had given up, and the later one's history counted as given up instead.</summary>
    [Fact]
    public void ReignThatALaterOneGaveUp_GivesNothingUp_WhenItCommitsLate()
    {
        var record = new PartitionRecord();
        Stamp first = Append(record, 1, 1, Stamp.Zero);
        record.Committed[1] = record.Appended[first].Entry;
        Stamp between = Append(record, 3, 2, first);
        record.Excuse(new Epoch(3), first);
        Stamp late = Append(record, 4, 3, between);
        record.Excuse(new Epoch(6), Stamp.Zero);
        Stamp later = Append(record, 6, 1, Stamp.Zero);
        record.OnCommitting(later);
        record.Committed[1] = record.Appended[later].Entry;

        record.OnCommitting(late);

        Assert.Equal(later, Assert.Single(record.Committed).Value.Stamp);
        Assert.Equal([first], record.Lost);
    }

    private static Stamp Append(PartitionRecord record, long epoch, long sequence, Stamp previous)
    {
        var stamp = new Stamp(new Epoch(epoch), new Sequence(sequence));
        record.Appended[stamp] = (new LogEntry(stamp, [], NodeId.None, 0, []), previous);
        return stamp;
    }
}
