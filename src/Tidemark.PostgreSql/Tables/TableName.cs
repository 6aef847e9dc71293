using System.Text;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Tables;

/// <summary>A table with its schema.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Name">The table.</param>
internal readonly record struct TableName(string Schema, string Name)
{
    /// <summary>As it stands in SQL.</summary>
    public string Quoted => $"{PgSql.Quote(Schema)}.{PgSql.Quote(Name)}";

    /// <summary>As it is shown and kept in our tables: <see cref="Parse"/> reads it again.</summary>
    public override string ToString() => $"{Part(Schema)}.{Part(Name)}";

    /// <summary>
    /// Reads <c>table</c>, <c>schema.table</c>, and either part in double quotes where it holds a dot: <c>"a.b"</c>. No case games: <c>Users</c> is not <c>users</c>.
    /// </summary>
    /// <param name="text">As the user wrote it.</param>
    /// <param name="schema">The schema where none is given.</param>
    /// <exception cref="DestinationException">It is empty, too long, or has more than two parts.</exception>
    public static TableName Parse(string text, string schema)
    {
        var parts = Split(text);
        if (parts is not { Count: 1 or 2 })
            throw new DestinationException(DestinationFault.Fatal, $"found '{text}', expected a table or schema.table; a name with a dot in it stands in double quotes");
        foreach (var part in parts)
        {
            if (part.Length == 0 || part.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(part) > PgSql.MaxNameBytes)
                throw new DestinationException(DestinationFault.Fatal, $"'{part}' can't be a name: PostgreSQL takes 1 to {PgSql.MaxNameBytes} bytes without NUL; set another table");
        }
        return parts.Count == 1 ? new TableName(schema, parts[0]) : new TableName(parts[0], parts[1]);
    }

    private static string Part(string name) => name.AsSpan().ContainsAny('.', '"') ? PgSql.Quote(name) : name;

    // Null where a quote is left open or stands in the middle of a name.
    private static List<string>? Split(string text)
    {
        var parts = new List<string>();
        for (var at = 0; ; at++)
        {
            var part = new StringBuilder();
            if (at < text.Length && text[at] == '"')
            {
                var closed = false;
                for (at++; at < text.Length && !closed; at++)
                {
                    if (text[at] != '"') part.Append(text[at]);
                    else if (at + 1 < text.Length && text[at + 1] == '"') part.Append(text[at++]);
                    else closed = true;
                }
                if (!closed) return null;
            }
            else
            {
                while (at < text.Length && text[at] != '.') part.Append(text[at++]);
            }
            parts.Add(part.ToString());
            if (at >= text.Length) return parts;
            if (text[at] != '.') return null;
        }
    }
}
