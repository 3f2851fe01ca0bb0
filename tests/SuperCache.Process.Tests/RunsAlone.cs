using Xunit;

// Every test starts several processes; one after the other they do not disturb each other's clocks.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
