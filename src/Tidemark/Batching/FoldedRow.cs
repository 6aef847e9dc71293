namespace Tidemark.Batching;

/// <summary>A row to be written: a record as it is, or what several records of one key make together.</summary>
/// <param name="Record">The record; the newest one where there are several.</param>
/// <param name="Overlay">Which overlay tells the record of each column (<see cref="KeyFold.RecordOf"/>); below 0: none.</param>
public readonly record struct FoldedRow(int Record, int Overlay);
