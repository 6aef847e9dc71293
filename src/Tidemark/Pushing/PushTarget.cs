using Tidemark.Validation;

namespace Tidemark.Pushing;

/// <summary>Where the posts of one route or push stream go, and what is asked of their records.</summary>
public sealed record PushTarget
{
    /// <summary>The pipeline's name.</summary>
    public required string PipelineName { get; init; }

    /// <summary>The name of the endpoint or stream.</summary>
    public required string Name { get; init; }

    /// <summary>The tables: the first whose <see cref="PushRoute.When"/> is there takes a record. At least one, no table twice.</summary>
    public required IReadOnlyList<PushRoute> Routes { get; init; }

    /// <summary>Fields of the request that each record gets; they win over the record's own.</summary>
    public IReadOnlyList<string> Copy { get; init; } = [];

    /// <summary>What has to be there before a record is written.</summary>
    public IReadOnlyList<ReferenceRule> References { get; init; } = [];

    /// <summary>Rules that records have to keep.</summary>
    public IReadOnlyList<ValidationRule> Rules { get; init; } = [];
}
