using Tidemark.Destinations;

namespace Tidemark.Failures;

/// <summary>What became of a batch of a shared transaction.</summary>
/// <param name="Written">What became of each record; of refused ones it says nothing.</param>
/// <param name="Refused">The records that the destination refused.</param>
public sealed record SharedHalvingResult(IReadOnlyList<WrittenRecord> Written, IReadOnlyList<RefusedRecord> Refused);
