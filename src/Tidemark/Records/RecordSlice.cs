namespace Tidemark.Records;

/// <summary>Where a record lies in the bytes of its page.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">How many bytes.</param>
public readonly record struct RecordSlice(int Offset, int Length);
