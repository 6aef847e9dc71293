using Tidemark.Failures;
using Tidemark.Validation;

namespace Tidemark.Runs.Retries;

/// <summary>A failed record on its way into its table.</summary>
/// <param name="Record">The record as it is kept.</param>
/// <param name="Json">The record with the answer that it lacked; else as it is kept.</param>
/// <param name="Problem">Why it still lacks one; null: it does not.</param>
internal sealed record RetriedRecord(FailedRecord Record, ReadOnlyMemory<byte> Json, Rejection? Problem);
