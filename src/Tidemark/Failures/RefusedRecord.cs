namespace Tidemark.Failures;

/// <summary>A record that the destination refused.</summary>
/// <param name="Row">Its place in the batch.</param>
/// <param name="Reason">Why.</param>
public sealed record RefusedRecord(int Row, string Reason);
