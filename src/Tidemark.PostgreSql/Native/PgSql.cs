using System.Text;

namespace Tidemark.PostgreSql.Native;

/// <summary>Names and literals in SQL.</summary>
internal static class PgSql
{
    /// <summary>Bytes of UTF-8 that a name may have; PostgreSQL cuts off the rest without an error.</summary>
    public const int MaxNameBytes = 63;

    /// <summary>Held to the end of a transaction by whoever makes schemas and tables of ours: IF NOT EXISTS alone does not keep two who begin at the same moment from each other's way.</summary>
    public const string SchemaLock = "SELECT pg_advisory_xact_lock(hashtextextended('tidemark:' || current_database(), 0))";

    /// <summary>True if a text can be a name.</summary>
    public static bool IsName(string text) => text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) <= MaxNameBytes;

    /// <summary>A name in double quotes, as it is.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Names in double quotes, with commas between them.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));

    /// <summary>A text as a literal, whatever the server's standard_conforming_strings.</summary>
    public static string Literal(string text) =>
        (text.Contains('\\', StringComparison.Ordinal) ? "E" : "") + $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A name cut to what PostgreSQL takes, at the end of a character; the first one that is free of it, <c>name_2</c>, <c>name_3</c>, …</summary>
    /// <param name="name">The name.</param>
    /// <param name="isTaken">Tells whether a name is in use.</param>
    public static string FreeName(string name, Func<string, bool> isTaken)
    {
        var free = Cut(name, MaxNameBytes);
        for (var number = 2; isTaken(free); number++)
        {
            var suffix = $"_{number}";
            free = Cut(name, MaxNameBytes - suffix.Length) + suffix;
        }
        return free;
    }

    private static string Cut(string name, int bytes)
    {
        var (length, used) = (0, 0);
        foreach (var rune in name.EnumerateRunes())
        {
            used += rune.Utf8SequenceLength;
            if (used > bytes) break;
            length += rune.Utf16SequenceLength;
        }
        return name[..length];
    }
}
