using Microsoft.AspNetCore.Http.Features;
using Tidemark.Simulators.Faults;

namespace Tidemark.Simulators.Hosting;

/// <summary>What is known of one call while it is answered; travels as a feature of the request.</summary>
internal sealed class SimulatedCall
{
    /// <summary>Calls that page through the same list share it.</summary>
    public required string List { get; set; }

    public IReadOnlyList<string> Kinds { get; set; } = [];

    public IReceivedQuery? Query { get; set; }

    public PageFault PageFault { get; set; }

    /// <summary>Refused for its cost, though the status says 200.</summary>
    public bool Throttled { get; set; }

    /// <summary>Its answer is being sent, or it ended without one.</summary>
    public bool Answered { get; set; }

    public static SimulatedCall Of(HttpContext context) => context.Features.GetRequiredFeature<SimulatedCall>();
}
