using System.Text;
using Tidemark.PostgreSql.Native;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>
/// Which column a field of the data has, decided once and for all in <c>_tidemark_columns</c>: names that are cut to the length which PostgreSQL takes may collide.
/// </summary>
/// <param name="session">The connection.</param>
/// <param name="schema">Where the tables of ours are.</param>
/// <param name="table">The table whose fields these are.</param>
internal sealed class PgColumnMap(Session session, string schema, TableName table)
{
    /// <summary>Its name.</summary>
    public const string Name = "_tidemark_columns";
    private const string OurPrefix = "_tidemark_";

    // No column may have the name of one that each table has.
    private static readonly string[] SystemColumns = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

    private readonly string _map = new TableName(schema, Name).Quoted;

    /// <summary>Creates the table of the map, if it is missing.</summary>
    /// <param name="schema">Where the tables of ours are.</param>
    public static string CreateSql(string schema) =>
        $"CREATE TABLE IF NOT EXISTS {new TableName(schema, Name).Quoted}(table_name text NOT NULL, field text NOT NULL, column_name text NOT NULL, type text, PRIMARY KEY(table_name, field))";

    /// <summary>True once a stream was written to this schema.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken) => await session.ScalarAsync("SELECT to_regclass($1) IS NOT NULL", cancellationToken, _map) is true;

    /// <summary>All fields of the table; a null type stands for a column that somebody else made.</summary>
    public async Task<List<(string Field, string Column, ColumnType? Type)>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync($"SELECT field, column_name, type FROM {_map} WHERE table_name = $1", cancellationToken, table.ToString());
        return rows.ConvertAll(r => (Unescape((string)r[0]!), (string)r[1]!, r[2] is string type ? Enum.Parse<ColumnType>(type, ignoreCase: true) : (ColumnType?)null));
    }

    /// <summary>Writes what some fields have from now on; a field whose column was dropped by somebody, and whose name they take, has none any more.</summary>
    public async Task WriteAsync(IReadOnlyList<(string Field, string Column, ColumnType? Type)> fields, CancellationToken cancellationToken)
    {
        if (fields.Count == 0) return;
        await session.ExecuteAsync(
            $"""
            WITH gone AS (DELETE FROM {_map} WHERE table_name = $1 AND column_name = ANY($3::text[]) AND NOT field = ANY($2::text[]))
            INSERT INTO {_map}(table_name, field, column_name, type) SELECT $1, field, column_name, type FROM unnest($2::text[], $3::text[], $4::text[]) AS f(field, column_name, type)
            ON CONFLICT (table_name, field) DO UPDATE SET column_name = excluded.column_name, type = excluded.type
            """,
            cancellationToken,
            table.ToString(), fields.Select(f => Escape(f.Field)).ToArray(), fields.Select(f => f.Column).ToArray(), fields.Select(f => f.Type?.ToString().ToLowerInvariant()).ToArray());
    }

    /// <summary>Forgets all fields of the table.</summary>
    public Task ForgetAsync(CancellationToken cancellationToken) => session.ExecuteAsync($"DELETE FROM {_map} WHERE table_name = $1", cancellationToken, table.ToString());

    /// <summary>True for the names that columns of ours have: they are no field's.</summary>
    public static bool IsOurs(string column) => column.StartsWith(OurPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The name that a field's new column gets: its own, cut to what PostgreSQL takes, or the first free one after it.</summary>
    /// <param name="field">The field.</param>
    /// <param name="isTaken">Tells whether a name is in use.</param>
    public static string NameFor(string field, Func<string, bool> isTaken)
    {
        var name = field.Length == 0 ? "_empty" : field.Replace('\0', '_');
        // Names with our prefix are ours.
        if (IsOurs(name)) name += "_";
        return PgSql.FreeName(name, n => isTaken(n) || SystemColumns.Contains(n, StringComparer.Ordinal));
    }

    /// <summary>The columns that new fields get; those that only nulls come for get none.</summary>
    /// <param name="arrivals">The fields.</param>
    /// <param name="taken">The names in use; gets the new ones.</param>
    public static List<(string Field, string Column, ColumnType? Type)> Named(IReadOnlyList<PgArrival> arrivals, HashSet<string> taken)
    {
        var fields = new List<(string Field, string Column, ColumnType? Type)>(arrivals.Count);
        foreach (var arrival in arrivals.Where(a => a.Type is not null))
        {
            var column = NameFor(arrival.Field, taken.Contains);
            taken.Add(column);
            fields.Add((arrival.Field, column, arrival.Type));
        }
        return fields;
    }

    // Text of PostgreSQL has no NUL, but a field's name may.
    private static string Escape(string field) => field.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal);

    private static string Unescape(string kept)
    {
        if (!kept.Contains('\\', StringComparison.Ordinal)) return kept;
        var field = new StringBuilder(kept.Length);
        for (var i = 0; i < kept.Length; i++) field.Append(kept[i] != '\\' ? kept[i] : kept[++i] == '0' ? '\0' : '\\');
        return field.ToString();
    }
}
