using Tidemark.Pushing;
using Tidemark.Validation;

namespace Tidemark.Serving;

/// <summary>A route that takes records, as the user described it.</summary>
public sealed record EndpointDefinition
{
    /// <summary>Its name, unique in its pipeline.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its path, such as <c>/api/v1/kpi/sync</c>; it takes POST.</summary>
    public string Path { get; init; } = "";

    /// <summary>The names that lead from the request to the list of records; empty: the list is the request, or its member <c>records</c>.</summary>
    public IReadOnlyList<string> Records { get; init; } = [];

    /// <summary>Fields of the request that each record gets.</summary>
    public IReadOnlyList<string> Copy { get; init; } = [];

    /// <summary>What has to be there before a record is written.</summary>
    public IReadOnlyList<ReferenceRule> References { get; init; } = [];

    /// <summary>The tables that records go to; the first whose condition holds takes a record.</summary>
    public IReadOnlyList<WriteRule> Write { get; init; } = [];

    /// <summary>Rules that records have to keep.</summary>
    public IReadOnlyList<ValidationRule> Rules { get; init; } = [];

    /// <summary>The name of its destination; null: the only one.</summary>
    public string? Destination { get; init; }

    /// <summary>The members of its answer, in order; empty: the usual answer.</summary>
    public IReadOnlyDictionary<string, AnswerValue> Answer { get; init; } = new Dictionary<string, AnswerValue>(StringComparer.Ordinal);
}
