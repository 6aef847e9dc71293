using System.Globalization;
using Microsoft.Data.Sqlite;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite;

namespace Tidemark.Conformance.Support;

/// <summary>An SQLite file in a directory of its own.</summary>
public sealed class SqliteHarness : Harness
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-conformance-").FullName;

    static SqliteHarness() => SQLitePCL.Batteries_V2.Init();

    public override bool KeepsSpelling => true;

    public override bool KeepsNul => true;

    public override bool IgnoresCase => true;

    public override bool HasPartitions => false;

    public override bool HasRowIds => true;

    public override bool WritesAtOnce => false;

    private string Database => Path.Combine(_directory, "test.db");

    public override Task InitializeAsync() => Task.CompletedTask;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public override IDestination Open(DestinationServices services) => new SqliteDestination { Path = Database }.Open(services);

    public override Task ExecuteAsync(string sql)
    {
        Query(sql, _ => 0);
        return Task.CompletedTask;
    }

    public override Task<string?> ScalarAsync(string sql) =>
        Task.FromResult(Query(sql, r => r.IsDBNull(0) ? null : Convert.ToString(r.GetValue(0), CultureInfo.InvariantCulture)).FirstOrDefault());

    public override Task<IReadOnlyList<Dictionary<string, string>>> ReadAsync(string table)
    {
        if (Query($"SELECT 1 FROM sqlite_schema WHERE name = '{table}'", _ => 1).Count == 0) return Task.FromResult<IReadOnlyList<Dictionary<string, string>>>([]);
        var types = Query($"SELECT field, column_name, type FROM _tidemark_columns WHERE table_name = '{table}'", r => (Field: r.GetString(0), Column: r.GetString(1), Type: r.IsDBNull(2) ? null : r.GetString(2)))
            .ToDictionary(c => c.Column, c => (c.Field, c.Type), StringComparer.OrdinalIgnoreCase);
        return Task.FromResult<IReadOnlyList<Dictionary<string, string>>>(Query($"SELECT * FROM \"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", reader =>
        {
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (reader.IsDBNull(i)) continue;
                var (field, type) = types.TryGetValue(reader.GetName(i), out var column) ? column : (reader.GetName(i), null);
                row[field] = reader.GetName(i) == "_tidemark_deleted_at" ? "true" : Value(reader.GetValue(i), type);
            }
            return row;
        }));
    }

    public override Task<IReadOnlyList<(string Name, string Type)>> ColumnsAsync(string table) =>
        Task.FromResult<IReadOnlyList<(string Name, string Type)>>(Query($"SELECT name, type FROM pragma_table_info('{table}') ORDER BY cid", r => (r.GetString(0), r.GetString(1))));

    public override Task<IReadOnlyList<string>> TablesAsync(string prefix) =>
        Task.FromResult<IReadOnlyList<string>>(Query($"SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, {prefix.Length}) = '{prefix}' ORDER BY name", r => r.GetString(0)));

    public override Task ExpireAsync(string stream) => ExecuteAsync($"UPDATE _tidemark_checkpoints SET expires_at = 1 WHERE stream = '{stream}'");

    public override Task ExpireAnswerAsync(string key) => ExecuteAsync($"UPDATE _tidemark_idempotency SET expires_at = unixepoch('now', 'subsec') - 1 WHERE key = '{key}'");

    public override string SecondsLeftSql(string table, string column, string where) => $"SELECT {column} - unixepoch('now', 'subsec') FROM {table} WHERE {where}";

    public override Task<bool> CutAsync() => Task.FromResult(false);

    public override string TypeName(ColumnType type) => type switch
    {
        ColumnType.Decimal => "",
        ColumnType.Json => "TEXT",
        ColumnType.Bytes => "BLOB",
        _ => type.ToString().ToUpperInvariant(),
    };

    private static string Value(object value, string? type) => value switch
    {
        long number when type == "boolean" => number == 1 ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => Canonical.OfDouble(number),
        byte[] bytes => Canonical.OfBytes(bytes),
        string text when type == "json" => Canonical.OfJson(text),
        string text when type == "decimal" => Canonical.OfNumber(text),
        _ => Canonical.OfText((string)value),
    };

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }
}
