using System.Text;

namespace Tidemark.PostgreSql.Native;

/// <summary>Names and literals in SQL.</summary>
internal static class Sql
{
    /// <summary>Bytes of UTF-8 that a name may have; PostgreSQL cuts off the rest without an error.</summary>
    public const int MaxNameBytes = 63;

    /// <summary>True if a text can be a name.</summary>
    public static bool IsName(string text) => text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) <= MaxNameBytes;

    /// <summary>A name in double quotes, as it is.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Names in double quotes, with commas between them.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));

    /// <summary>A text as a literal, whatever the server's standard_conforming_strings.</summary>
    public static string Literal(string text) =>
        (text.Contains('\\', StringComparison.Ordinal) ? "E" : "") + $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
