namespace Tidemark.PostgreSql.Writing;

/// <summary>How records become rows.</summary>
/// <param name="KeyFields">The primary key; empty: each record is a new row.</param>
/// <param name="CursorField">The field that orders versions of a row; null: the last one wins.</param>
/// <param name="IgnoreStored">True if an older version may overwrite what is stored.</param>
/// <param name="CompareCursors">Compares two cursor values as what they are: below 0 if the first is older; null if they can't be compared.</param>
internal sealed record RowOptions(IReadOnlyList<string> KeyFields, string? CursorField, bool IgnoreStored, Func<string, string, int?> CompareCursors);
