namespace Tidemark.Scanning;

/// <summary>What a scan says of a page.</summary>
/// <param name="Decisions">One for each record.</param>
/// <param name="StoppedAt">The index of the record that ended the scan, or -1: it goes on.</param>
/// <param name="State">The scan after this page.</param>
public sealed record PageDecision(IReadOnlyList<Decision> Decisions, int StoppedAt, ScanState State)
{
    /// <summary>True if no further page is needed.</summary>
    public bool Stopped => StoppedAt >= 0;
}
