using Tidemark.Records;

namespace Tidemark.Destinations;

/// <summary>A column as it really is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SqlType">Its type, as the database writes it.</param>
/// <param name="Type">The type of ours that it stands for; null: none, such as a type of the user's own.</param>
/// <param name="Nullable">True if it takes null.</param>
/// <param name="Field">The field that is written to it; null: none is.</param>
/// <param name="Recorded">The type that was recorded when the column was made or widened; null: somebody else made it.</param>
public sealed record ColumnDescription(string Name, string SqlType, ColumnType? Type, bool Nullable, string? Field = null, ColumnType? Recorded = null);
