using Tidemark.Destinations;

namespace Tidemark.Failures;

/// <summary>What became of a batch.</summary>
/// <param name="Counts">Of the records that were written.</param>
/// <param name="Refused">The others.</param>
public sealed record HalvingResult(WriteCounts Counts, IReadOnlyList<RefusedRecord> Refused);
