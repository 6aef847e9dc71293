namespace Tidemark.Conformance.Sequences;

/// <summary>What is on disk, or would be after a commit: plain dictionaries. Values have their canonical form; null is mostly not there.</summary>
internal sealed class NaiveRows
{
    /// <summary>A mark of deletion, in the column of ours.</summary>
    public const string Deleted = "_tidemark_deleted_at";

    /// <summary>A null, where a field that is null is another one than a field that is missing.</summary>
    public const string Null = "null";

    /// <summary>The table, by key; without one, by order.</summary>
    public Dictionary<string, Dictionary<string, string>> Table { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>What a full scan has put aside; null: nothing yet.</summary>
    public Dictionary<string, Dictionary<string, string>>? Aside { get; set; }

    /// <summary>The keys that a full scan has brought.</summary>
    public HashSet<string> Seen { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>What waits.</summary>
    public List<string> Queue { get; private init; } = [];

    /// <summary>A row as it is read: null is not there.</summary>
    public static Dictionary<string, string> WithoutNulls(Dictionary<string, string> row) => row.Where(f => f.Value != Null).ToDictionary(StringComparer.Ordinal);

    public NaiveRows Clone() => new()
    {
        Table = Copy(Table),
        Aside = Aside is null ? null : Copy(Aside),
        Seen = new(Seen, StringComparer.Ordinal),
        Queue = [.. Queue],
    };

    public void Forget(string field)
    {
        foreach (var row in Table.Values) row.Remove(field);
    }

    private static Dictionary<string, Dictionary<string, string>> Copy(Dictionary<string, Dictionary<string, string>> rows) =>
        rows.ToDictionary(r => r.Key, r => new Dictionary<string, string>(r.Value, StringComparer.Ordinal), StringComparer.Ordinal);
}
