namespace Tidemark.Destinations;

/// <summary>An index as it really is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="Unique">True if no two rows may have the same values.</param>
public sealed record IndexDescription(string Name, IReadOnlyList<string> Columns, bool Unique);
