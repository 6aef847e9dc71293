namespace Tidemark.Destinations;

/// <summary>What became of a record.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="RowId">The number of its row, where the database has one that lasts (SQLite's <c>rowid</c>) and the writer was opened to tell it; null: its key is its identity.</param>
public readonly record struct WrittenRecord(RecordOutcome Outcome, long? RowId = null);
