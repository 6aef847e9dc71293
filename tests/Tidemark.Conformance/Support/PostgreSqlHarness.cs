using System.Globalization;
using Npgsql;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.PostgreSql;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Support;

/// <summary>
/// A schema of its own on a PostgreSQL server, for that is made faster than a database. The destination reaches it directly or through a pooler; the harness itself always goes directly.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="through">Makes the URL of a database; null: the server's own.</param>
public sealed class PostgreSqlHarness(PostgresServer server, Func<string, string>? through = null) : Harness
{
    private const string Database = "postgres";
    private static int _schemas;
    private readonly string _schema = $"conformance_{Interlocked.Increment(ref _schemas)}";
    private NpgsqlDataSource? _direct;

    // What an owner of a database may set for it or for a user, each as far from the default as it goes.
    private static readonly string[] Unusual =
    [
        "quote_all_identifiers=on", "extra_float_digits=-15", "datestyle=SQL,DMY", "intervalstyle=sql_standard", "bytea_output=escape", "timezone=Asia/Kathmandu", "search_path=nowhere",
        "standard_conforming_strings=off", "transform_null_equals=on", "array_nulls=off", "default_transaction_isolation=serializable", "default_transaction_deferrable=on", "row_security=off",
    ];

    /// <summary>A server on which nothing is set as it usually is.</summary>
    public static PostgreSqlHarness WithUnusualSettings(PostgresServer server) =>
        new(server, database => $"{server.Url(database)}?options={Uri.EscapeDataString(string.Join(' ', Unusual.Select(u => "-c " + u)))}");

    public override bool KeepsSpelling => false;

    public override bool KeepsNul => false;

    public override bool IgnoresCase => false;

    public override bool HasPartitions => true;

    public override bool HasRowIds => false;

    public override bool WritesAtOnce => true;

    /// <summary>Where it is.</summary>
    public string Url => through is null ? server.Url(Database) : through(Database);

    public override async Task InitializeAsync()
    {
        _direct = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={server.Port};Username=postgres;Database={Database};Application Name=harness;No Reset On Close=true;Search Path={_schema}");
        await ExecuteAsync($"CREATE SCHEMA {_schema}");
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _direct!.DisposeAsync();
    }

    public override IDestination Open(DestinationServices services) => new PostgreSqlDestination { Url = new Secret(Url), Schema = _schema }.Open(services);

    public override Task ExecuteAsync(string sql) => QueryAsync(sql, _ => 0);

    public override async Task<string?> ScalarAsync(string sql) =>
        (await QueryAsync(sql, r => r.IsDBNull(0) ? null : Convert.ToString(r.GetValue(0), CultureInfo.InvariantCulture))).FirstOrDefault();

    public override async Task<IReadOnlyList<Dictionary<string, string>>> ReadAsync(string table)
    {
        var columns = await QueryAsync(
            $"""
            SELECT a.attname, format_type(a.atttypid, NULL), m.field FROM pg_attribute a
            LEFT JOIN _tidemark_columns m ON m.table_name IN ('{_schema}.{table}', '{_schema}.{Quoted(table)}') AND m.column_name = a.attname
            WHERE a.attrelid = to_regclass('{Quoted(table)}') AND a.attnum > 0 AND NOT a.attisdropped
            """,
            r => (Name: r.GetString(0), Type: r.GetString(1), Field: r.IsDBNull(2) ? r.GetString(0) : r.GetString(2).Replace("\\0", "\0", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)));
        if (columns.Count == 0) return [];
        var select = string.Join(", ", columns.Select(c => Expression(Quoted(c.Name), c.Type)));
        return await QueryAsync($"SELECT {select} FROM {Quoted(table)}", reader =>
        {
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < columns.Count; i++)
            {
                if (!reader.IsDBNull(i)) row[columns[i].Field] = columns[i].Name == "_tidemark_deleted_at" ? "true" : Value(reader.GetString(i), columns[i].Type);
            }
            return row;
        });
    }

    public override async Task<IReadOnlyList<(string Name, string Type)>> ColumnsAsync(string table) => await QueryAsync(
        $"SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass('{Quoted(table)}') AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        r => (r.GetString(0), r.GetString(1)));

    public override async Task<IReadOnlyList<string>> TablesAsync(string prefix) =>
        await QueryAsync($"SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = '{_schema}'::regnamespace AND starts_with(relname::text, '{prefix}') ORDER BY 1", r => r.GetString(0));

    public override Task ExpireAsync(string stream) => ExecuteAsync($"UPDATE _tidemark_checkpoints SET expires_at = now() - interval '1 minute' WHERE stream = '{stream}'");

    public override Task ExpireAnswerAsync(string key) => ExecuteAsync($"UPDATE _tidemark_idempotency SET expires_at = clock_timestamp() - interval '1 s' WHERE key = '{key}'");

    public override string SecondsLeftSql(string table, string column, string where) => $"SELECT extract(epoch FROM {column} - clock_timestamp())::float8 FROM {table} WHERE {where}";

    public override async Task<bool> CutAsync()
    {
        await ExecuteAsync("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'harness'");
        return true;
    }

    public override string TypeName(ColumnType type) => type switch
    {
        ColumnType.Decimal => "numeric",
        ColumnType.Double => "double precision",
        ColumnType.Json => "jsonb",
        ColumnType.Bytes => "bytea",
        ColumnType.Timestamp => "timestamp with time zone",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Expression(string column, string type) => type switch
    {
        "timestamp with time zone" => $"(extract(epoch FROM {column}) * 1000000)::bigint::text",
        "bytea" => $"translate(encode({column}, 'base64'), E'\\n', '')",
        _ => $"{column}::text",
    };

    private static string Value(string text, string type) => type switch
    {
        "timestamp with time zone" => Canonical.OfInstant(long.Parse(text, CultureInfo.InvariantCulture)),
        "bigint" or "integer" or "numeric" or "double precision" => Canonical.OfNumber(text),
        "jsonb" => Canonical.OfJson(text),
        "bytea" => text,
        _ => Canonical.OfText(text),
    };

    private async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = _direct!.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }
}
