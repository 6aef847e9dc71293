using System.Collections.ObjectModel;
using Tidemark.Destinations;

namespace Tidemark.Runs.Retries;

/// <summary>What became of the failed records of a stream.</summary>
public sealed record StreamRetryReport
{
    /// <summary>The stream.</summary>
    public required string Stream { get; init; }

    /// <summary>Succeeded; partial: some records still fail; failed: the destination did, or a guard; or interrupted.</summary>
    public RunStatus Status { get; init; }

    /// <summary>How many were to be tried.</summary>
    public long Selected { get; init; }

    /// <summary>Records that are in the table now.</summary>
    public long Resolved { get; init; }

    /// <summary>Records that came too late: a newer version of the row is stored.</summary>
    public long Superseded { get; init; }

    /// <summary>Records that were refused again; they stay open, with the new reason.</summary>
    public long StillFailing { get; init; }

    /// <summary>How many of these break a rule, by field and rule, and how many have no answer of the enrichment; the most frequent first.</summary>
    public IReadOnlyDictionary<string, long> Rejected { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>What the retry has changed in the stream's tables.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];

    /// <summary>Why it failed; null: it did not.</summary>
    public string? Error { get; init; }
}
