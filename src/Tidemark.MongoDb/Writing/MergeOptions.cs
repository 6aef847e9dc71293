namespace Tidemark.MongoDb.Writing;

/// <summary>How records meet documents.</summary>
/// <param name="Key">The fields of the primary key.</param>
/// <param name="CursorField">What orders versions; null: the last one wins.</param>
/// <param name="IgnoresStored">True to let older overwrite newer.</param>
/// <param name="Unmarks">True if documents may be marked as deleted, and records take the mark away.</param>
/// <param name="CompareCursors">Compares two cursor values.</param>
/// <param name="Discards">Tells fields whose values are left out.</param>
/// <param name="Time">The clock for waits.</param>
internal sealed record MergeOptions(
    IReadOnlyList<string> Key, string? CursorField, bool IgnoresStored, bool Unmarks, Func<string, string, int?> CompareCursors, Func<string, bool> Discards, TimeProvider Time)
{
    /// <summary>The mark.</summary>
    public static ReadOnlySpan<byte> DeletedAt => "_tidemark_deleted_at"u8;
}
