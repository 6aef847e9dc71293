using Tidemark.Records;

namespace Tidemark.Batching;

/// <summary>What tells older versions of a row from newer ones.</summary>
/// <param name="Cursor">The values that do; null: the order in which they came.</param>
/// <param name="IsGuarded">True if a stored row that is newer holds a record back.</param>
/// <param name="Compare">Compares two values: below 0 if the first is older; null if they can't be compared.</param>
public readonly record struct VersionOrder(BatchColumn? Cursor, bool IsGuarded, Func<string, string, int?> Compare);
