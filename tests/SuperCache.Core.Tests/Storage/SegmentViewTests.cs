using SuperCache.Records;
using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

public sealed class SegmentViewTests
{
    private const uint Position = 0xFFFF_FF00;

    private static readonly RecordIndex<(int, int)> Index =
        new(RecordLayout<(int, int)>.At(0), TimeProvider.System);

    [Fact]
    public void TryFindHome_SaysNo_WhereNoSegmentIsShown()
    {
        var view = default(SegmentView<(int, int)>);
        Assert.False(view.TryFindHome(Position, out _, out _));

        Segment<(int, int)> segment = Create(16, depth: 0);
        view.Show(segment);
        Assert.True(view.TryFindHome(Position, out Slot<(int, int)>[]? slots, out nint home));
        Assert.Same(segment.Slots, slots);
        Assert.Equal(15, home);
        Assert.True(view.Shows(slots));

        view.Show(null);
        Assert.False(view.TryFindHome(Position, out _, out _));
        Assert.False(view.Shows(slots));
    }

    [Fact]
    public async Task TryFindHome_MixesNoTwoSegments_WhileTheyAreExchanged_W1()
    {
        const int Looks = 2_000_000;
        Segment<(int, int)> small = Create(16, depth: 0);
        Segment<(int, int)> large = Create(64, depth: 3);
        var view = new Shared();
        using var done = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                view.View.Show(Create(large.Capacity, large.Depth));
                view.View.Show(Create(small.Capacity, small.Depth));
            }
        });
        for (int i = 0; i < Looks; i++)
        {
            if (view.View.TryFindHome(Position, out Slot<(int, int)>[]? slots, out nint home))
            {
                Segment<(int, int)> shown = slots.Length == small.Slots.Length ? small : large;
                Assert.Equal(HashBits.Home(Position, shown.Depth, shown.Capacity), home);
            }
        }

        await done.CancelAsync();
        await writer;
    }

    private static Segment<(int, int)> Create(int capacity, int depth) => new(Index, capacity, depth);

    private sealed class Shared
    {
        public SegmentView<(int, int)> View;
    }
}
