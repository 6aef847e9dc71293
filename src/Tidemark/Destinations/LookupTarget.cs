using Tidemark.Records;

namespace Tidemark.Destinations;

/// <summary>A table of kept answers.</summary>
/// <param name="Table">Its name, as the user wrote it.</param>
/// <param name="Columns">The columns that make an answer's value, in order; beside them it has those of <see cref="LookupTarget"/>.</param>
public sealed record LookupTarget(string Table, IReadOnlyList<DeclaredColumn> Columns)
{
    /// <summary>The column of the key: a text, the primary key.</summary>
    public const string Key = "cache_key";

    /// <summary>The column that says when an answer was bought.</summary>
    public const string CreatedAt = "created_at";

    /// <summary>The column that says until when it is fresh.</summary>
    public const string ExpiresAt = "expires_at";

    /// <summary>The column that says how often it was served.</summary>
    public const string HitCount = "hit_count";

    /// <summary>The value is that of the only column, instead of an object of columns.</summary>
    public bool IsWhole { get; init; }
}
