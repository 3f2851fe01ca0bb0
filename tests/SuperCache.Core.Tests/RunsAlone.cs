using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>Tests that need the compiler's last tier, which does not come while other tests keep it busy.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
