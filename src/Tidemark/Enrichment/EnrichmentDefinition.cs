using Tidemark.Sources;

namespace Tidemark.Enrichment;

/// <summary>What a stream asks another source about each of its records.</summary>
public sealed record EnrichmentDefinition
{
    /// <summary>The name of the source that is asked.</summary>
    public required string Source { get; init; }

    /// <summary>What is asked; its templates know the record, or the records of a group, and nothing else. The first record of the answer is taken, or, of a group, one for each.</summary>
    public required StreamRequest Request { get; init; }

    /// <summary>The request as it was written: together with the record's fields in it, it says whether an answer that is kept still fits.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The field that takes the answer, at the top of the record; no answer is null.</summary>
    public required string Into { get; init; }

    /// <summary>How many records one call asks about at most, 1 to 10 000; default 1. They are records of one page.</summary>
    public int Group { get; init; } = 1;

    /// <summary>Which answer belongs to which record of a group; null (default): they come in the order of the records, one for each.</summary>
    public EnrichmentMatch? Match { get; init; }

    /// <summary>How many calls are under way at once, 1 to 1000; default 10.</summary>
    public int Parallel { get; init; } = 10;

    /// <summary>How long an answer may take, retries and their waits included; null (default): as long as the source's own settings allow.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long answers are kept in the store; default 30 days.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);
}
