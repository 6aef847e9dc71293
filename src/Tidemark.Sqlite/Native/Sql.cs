namespace Tidemark.Sqlite.Native;

/// <summary>Names in SQL.</summary>
internal static class Sql
{
    /// <summary>A name in double quotes, as it is.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Names in double quotes, with commas between them.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));

    /// <summary>A text as a literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>True if SQLite takes two names for the same: it knows no case in ASCII.</summary>
    public static bool SameName(string a, string b)
    {
        if (a.Length != b.Length) return false;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i] && (!char.IsAscii(a[i]) || !char.IsAscii(b[i]) || char.ToLowerInvariant(a[i]) != char.ToLowerInvariant(b[i]))) return false;
        }
        return true;
    }
}
