using Tidemark.Conformance.Pushing;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;

namespace Tidemark.Conformance.Saving;

/// <summary>The destination of a harness, behind a gate, as a writer of a program is given it.</summary>
internal sealed record HarnessDefinition(Harness Harness) : DestinationDefinition
{
    /// <summary>The one that was opened.</summary>
    public GatedDestination Gated { get; private set; } = null!;

    public override IDestination Open(DestinationServices services) => Gated = new GatedDestination(Harness.Open(services));
}
