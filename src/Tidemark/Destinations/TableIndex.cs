namespace Tidemark.Destinations;

/// <summary>An index that a table has to have. It is made once all its columns are there.</summary>
/// <param name="Columns">The fields whose columns it covers, in order.</param>
/// <param name="Unique">True if no two rows may have the same values.</param>
public sealed record TableIndex(IReadOnlyList<string> Columns, bool Unique = false);
