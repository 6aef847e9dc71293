using Tidemark.Simulators.Records;
using Tidemark.Simulators.Traffic;

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

    /// <summary>Whether a cursor can be forgotten while it is still followed.</summary>
    bool CursorsExpire => false;

    /// <summary>How many calls in 60 seconds the real API allows; 0 for any number.</summary>
    int UsualLimit => 0;

    /// <summary>Whether it counts its quota itself, as tokens that it charges: then the options of the limit are its own to read.</summary>
    bool HasOwnQuota => false;

    /// <summary>How long the real API takes where that matters to its clients.</summary>
    DelayRange UsualDelay => default;

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

    /// <summary>Inserts one record of a kind, so that its total changes.</summary>
    void Grow(string kind);

    /// <summary>The truth, in one order; read while it is sent.</summary>
    IEnumerable<SimulatedRecord> Records(string kind);
}
