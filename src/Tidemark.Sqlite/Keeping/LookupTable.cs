using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Keeping;

/// <summary>A table of kept answers in an SQLite file: a connection for those who read, one for those who write, each used by one at a time.</summary>
internal sealed class LookupTable : ILookupTable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly string _path;
    private readonly LookupTarget _target;
    private readonly string _table;
    private readonly string _columns;
    private readonly Lock _reading = new();
    private readonly Lock _writing = new();
    private Database? _reader;
    private Database? _writer;

    public LookupTable(string path, LookupTarget target)
    {
        (_path, _target, _table) = (path, target, Sql.Quote(target.Table));
        _columns = string.Join(", ", new[] { LookupTarget.Key, LookupTarget.CreatedAt, LookupTarget.ExpiresAt, LookupTarget.HitCount }.Concat(target.Columns.Select(c => c.Name)).Select(n => $"t.{Sql.Quote(n)}"));
    }

    public Task<IReadOnlyList<KeptRow>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Read<IReadOnlyList<KeptRow>>([], database =>
        {
            // One parameter however many there are: SQLite bounds the number of parameters.
            using var select = database.Prepare($"SELECT {_columns} FROM {_table} AS t WHERE t.{Sql.Quote(LookupTarget.Key)} IN (SELECT value FROM json_each(?1))");
            select.With(JsonSerializer.Serialize(keys));
            var rows = new List<KeptRow>(keys.Count);
            while (select.Step()) rows.Add(new KeptRow(select.Text(0)!, ValueOf(select), TimeOf(select.Text(1)), TimeOf(select.Text(2)), select.IsNull(3) ? 0 : select.Integer(3)));
            return rows;
        }));
    }

    public Task AddHitsAsync(IReadOnlyDictionary<string, long> hits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(database =>
        {
            var (table, key, count) = (_table, Sql.Quote(LookupTarget.Key), Sql.Quote(LookupTarget.HitCount));
            database.Run($"UPDATE {table} SET {count} = coalesce({count}, 0) + h.value FROM json_each(?1) AS h WHERE {table}.{key} = h.key", JsonSerializer.Serialize(hits));
            return true;
        });
        return Task.CompletedTask;
    }

    public Task<long> DeleteAsync(DateTimeOffset? expiredBefore, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var where = expiredBefore is null ? "" : $"WHERE {Sql.Quote(LookupTarget.ExpiresAt)} < ?2 ";
        return Task.FromResult(Write(database =>
        {
            var sql = $"DELETE FROM {_table} WHERE {Sql.Quote(LookupTarget.Key)} IN (SELECT {Sql.Quote(LookupTarget.Key)} FROM {_table} {where}LIMIT ?1)";
            if (expiredBefore is { } before) database.Run(sql, limit, TextOf(before));
            else database.Run(sql, limit);
            return database.Changes;
        }));
    }

    public Task<KeptFigures> SummarizeAsync(DateTimeOffset now, DateTimeOffset overdueBefore, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Read(new KeptFigures(0, 0, 0, 0, 0), database =>
        {
            var expires = Sql.Quote(LookupTarget.ExpiresAt);
            // This SQLite does not know its pages (dbstat): the size is that of the values.
            var size = string.Join(" + ", _target.Columns.Select(c => c.Name).Append(LookupTarget.Key).Select(n => $"coalesce(octet_length({Sql.Quote(n)}), 0)"));
            var row = database.Rows(
                $"""
                SELECT count(*), coalesce(sum({Sql.Quote(LookupTarget.HitCount)}), 0), count(*) FILTER (WHERE {expires} <= ?1), count(*) FILTER (WHERE {expires} < ?2), coalesce(sum({size}), 0) FROM {_table}
                """, TextOf(now), TextOf(overdueBefore))[0];
            return new KeptFigures((long)row[0]!, (long)row[1]!, (long)row[2]!, (long)row[3]!, (long)row[4]!);
        }));
    }

    public Task<IReadOnlyDictionary<string, long>> CountByAsync(string table, string column, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Read<IReadOnlyDictionary<string, long>>(new Dictionary<string, long>(StringComparer.Ordinal), database =>
            database.Exists("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE", table)
                ? database.Rows($"SELECT coalesce(t.{Sql.Quote(column)}, ''), count(*) FROM {Sql.Quote(table)} AS t GROUP BY 1").ToDictionary(r => Convert.ToString(r[0], CultureInfo.InvariantCulture)!, r => (long)r[1]!, StringComparer.Ordinal)
                : new Dictionary<string, long>(StringComparer.Ordinal)));
    }

    public ValueTask DisposeAsync()
    {
        lock (_reading) _reader?.Dispose();
        lock (_writing) _writer?.Dispose();
        return ValueTask.CompletedTask;
    }

    private T Read<T>(T nothing, Func<Database, T> read)
    {
        lock (_reading)
        {
            if (_reader is null && !File.Exists(_path)) return nothing;
            try
            {
                _reader ??= Database.OpenReadable(_path);
                return Exists(_reader, _target.Table) ? read(_reader) : nothing;
            }
            catch
            {
                // The next one begins anew: the file may be another one by then.
                _reader?.Dispose();
                _reader = null;
                throw;
            }
        }
    }

    private T? Write<T>(Func<Database, T> write)
    {
        lock (_writing)
        {
            if (_writer is null && !File.Exists(_path)) return default;
            try
            {
                _writer ??= Database.OpenWritable(_path, create: false);
                return Exists(_writer, _target.Table) ? write(_writer) : default;
            }
            catch
            {
                _writer?.Dispose();
                _writer = null;
                throw;
            }
        }
    }

    private static bool Exists(Database database, string table) => database.Exists("SELECT 1 FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ?1 COLLATE NOCASE", table);

    private ReadOnlyMemory<byte> ValueOf(Statement row)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            if (!_target.IsWhole) json.WriteStartObject();
            for (var i = 0; i < _target.Columns.Count; i++)
            {
                if (!_target.IsWhole) json.WritePropertyName(_target.Columns[i].Name);
                WriteValue(json, row.Value(i + 4), _target.Columns[i].Type);
            }
            if (!_target.IsWhole) json.WriteEndObject();
        }
        return bytes.WrittenMemory;
    }

    // SQLite keeps a value as what it was written as; the declared type says what it means.
    private static void WriteValue(Utf8JsonWriter json, object? value, ColumnType? type)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case long number when type == ColumnType.Boolean:
                json.WriteBooleanValue(number != 0);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case string text when type is ColumnType.Json or ColumnType.Decimal or ColumnType.Double or ColumnType.Bigint:
                json.WriteRawValue(text);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case byte[] other:
                json.WriteBase64StringValue(other);
                break;
        }
    }

    // As rows are written: in UTC, and of one length, so that they sort as text.
    private static string TextOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : DateTimeOffset.MinValue;
}
