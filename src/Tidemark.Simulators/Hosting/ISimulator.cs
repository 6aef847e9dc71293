using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Hosting;

/// <summary>
/// One simulated API. The host counts and spoils the calls; the simulator answers what is left of them. Every member may be
/// called from several requests at once.
/// </summary>
internal interface ISimulator
{
    /// <summary>The kinds of records that it serves.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Whether it answers errors as GraphQL does: status 200 with <c>errors[]</c>.</summary>
    bool AnswersGraphQlErrors { get; }

    /// <summary>Called once, before the server starts.</summary>
    void Map(IEndpointRouteBuilder routes);

    /// <summary>Reads from the request what counting and faults need; called before any fault strikes.</summary>
    ValueTask DescribeAsync(HttpContext context, SimulatedCall call);

    /// <summary>Back to the seed.</summary>
    void Reset();

    /// <summary>Changes records; gives the changes in the order of their stamps.</summary>
    IReadOnlyList<SimulatedChange> Advance(AdvanceTo to);

    /// <summary>Inserts one record of a kind, updates one and deletes one.</summary>
    void Mutate(string kind);

    /// <summary>The truth, by identifier.</summary>
    IReadOnlyList<SimulatedRecord> Records(string kind);
}
