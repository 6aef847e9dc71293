using Tidemark.Records;
using Tidemark.Scanning;

namespace Tidemark.Runs;

/// <summary>A page on its way from the reader to the writer, with what the scan said of it.</summary>
internal sealed record ScannedPage(Page Page, PageDecision Decision, ScanState Before) : IDisposable
{
    /// <summary>Records at the start of the page that an earlier run has done.</summary>
    public int Done { get; init; }

    /// <summary>Records from here on are left for a later run; the length of the page if there are none.</summary>
    public int End { get; init; }

    /// <summary>True if the scan starts over with this page, as the source would not go on where an earlier run had left it.</summary>
    public bool Restarted { get; init; }

    /// <summary>The number of the parent whose children these are; null: the stream has no parent.</summary>
    public long? Parent { get; init; }

    /// <summary>What enrichment made of its records, by their place; null where nobody was asked, or where the stream has no enrichment.</summary>
    public EnrichedRecord?[]? Enriched { get; init; }

    public void Dispose() => Page.Dispose();
}
