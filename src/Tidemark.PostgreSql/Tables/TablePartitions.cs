using System.Text;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>The partitions of a table, made as records need them. A default partition, which only people make, takes all that has none: then none is made.</summary>
/// <param name="session">The connection.</param>
/// <param name="name">The table.</param>
/// <param name="partitioning">How it is partitioned.</param>
internal sealed class TablePartitions(Session session, TableName name, TablePartitioning partitioning)
{
    /// <summary>How many partitions one call may make: a column by which there would be more is none to partition by.</summary>
    public const int MaxNew = 1000;

    private readonly PartitionKeys _keys = new(partitioning);

    private string Kind => partitioning.Kind == PartitionKind.List ? "LIST" : "RANGE";

    /// <summary>What CREATE TABLE ends with.</summary>
    /// <param name="fields">The columns of the new table.</param>
    /// <param name="key">The columns of its primary key.</param>
    /// <exception cref="DestinationException">The column is not there, not in the primary key, or no time.</exception>
    public string ClauseFor(IReadOnlyList<(string Field, string Column, ColumnType? Type)> fields, IReadOnlyList<string> key)
    {
        var (field, column, type) = fields.FirstOrDefault(f => string.Equals(f.Field, partitioning.Column, StringComparison.Ordinal));
        if (field is null) throw new DestinationException(DestinationFault.Record, $"no record has a value in '{partitioning.Column}', by which the new table '{name}' is to be partitioned");
        if (key.Count > 0 && !key.Contains(column, StringComparer.Ordinal))
            throw new DestinationException(DestinationFault.Fatal, $"the table '{name}' can't be partitioned by '{column}', which is not part of its primary key ({string.Join(", ", key)}): add it to primary_key, or take partition_by out");
        if (partitioning.Kind == PartitionKind.Range && type is not (ColumnType.Date or ColumnType.Timestamp))
            throw new DestinationException(DestinationFault.Fatal, $"the table '{name}' can't be partitioned by ranges of '{column}', which is {SqlTypes.NameOf(type!.Value)}: name a date or timestamp, or declare its type");
        return $" PARTITION BY {Kind} ({PgSql.Quote(column)})";
    }

    /// <summary>Checks that a table is partitioned as it is declared.</summary>
    /// <exception cref="DestinationException">It is not.</exception>
    public void Check(PgTableShape shape, IReadOnlyDictionary<string, PgColumn> fields)
    {
        var column = fields.TryGetValue(partitioning.Column, out var there) ? there.Name : partitioning.Column;
        if (shape.PartitionStrategy == (partitioning.Kind == PartitionKind.List ? "l" : "r") && shape.PartitionColumns is [var only] && string.Equals(only, column, StringComparison.Ordinal)) return;
        var found = shape.PartitionStrategy is null ? "not partitioned" : $"partitioned in another way, by {string.Join(", ", shape.PartitionColumns)}";
        throw new DestinationException(DestinationFault.Fatal,
            $"the table '{name}' is {found}, expected PARTITION BY {Kind} ({PgSql.Quote(column)}): PostgreSQL can't change that; rename the table and run again with --full, or take partition_by out");
    }

    /// <summary>Forgets which partitions there are.</summary>
    public void Forget() => _keys.Clear();

    /// <summary>The keys of some records whose partition is not known to be there.</summary>
    public List<string?> MissingFor(RecordBatch batch, int start, int count) => _keys.UnknownOf(batch, start, count);

    /// <summary>Checks that a table which is not there yet can be made like another one, and will have a partition for each of some records.</summary>
    /// <exception cref="DestinationException">It can't.</exception>
    public void CheckNew(PgTable like, RecordBatch batch, int start, int count)
    {
        ClauseFor([.. like.Fields.Select(f => (f.Key, f.Value.Name, f.Value.Type))], [.. like.Key.Select(k => k.Name)]);
        CheckKeys(_keys.UnknownOf(batch, start, count));
    }

    /// <summary>The keys of all rows of another table, which has a column for the same field.</summary>
    public async Task<List<string?>> KeysOfAsync(PgTable other, CancellationToken cancellationToken)
    {
        var column = other.Fields[partitioning.Column];
        var value = PgSql.Quote(column.Name);
        // Midnight of UTC, whatever the session's zone is.
        var day = column.Type == ColumnType.Timestamp ? $"{value} AT TIME ZONE 'UTC'" : $"{value}::timestamp";
        var key = partitioning.Kind == PartitionKind.List ? $"{value}::text" : $"to_char(date_trunc('{partitioning.Interval}', {day}), 'YYYY-MM-DD')";
        return (await session.RowsAsync($"SELECT DISTINCT {key} FROM {other.Name.Quoted}", cancellationToken)).ConvertAll(k => (string?)k[0]);
    }

    /// <summary>Makes partitions for keys, where there are none.</summary>
    /// <returns>The names of the new ones.</returns>
    public async Task<List<string>> MakeAsync(PgTableShape shape, IReadOnlyDictionary<string, PgColumn> fields, IReadOnlyList<string?> keys, CancellationToken cancellationToken)
    {
        // 1. Which of them does no partition take? The catalog has the condition of each partition as SQL over the column.
        var column = fields[partitioning.Column];
        var made = new List<string>();
        var missing = await MissingAsync(shape, column, keys, cancellationToken);
        CheckKeys(missing);
        // 2. Attached ones, not CREATE TABLE … PARTITION OF: that would lock out whoever reads the table.
        var taken = missing.Count == 0 ? [] : await NamesAsync(cancellationToken);
        var sql = new StringBuilder();
        foreach (var key in missing)
        {
            var partition = PgSql.FreeName($"{name.Name}_{Suffix(key!)}", n => !taken.Add(n));
            var quoted = new TableName(name.Schema, partition).Quoted;
            sql.Append($"CREATE TABLE {quoted} (LIKE {name.Quoted} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE);");
            sql.Append($"ALTER TABLE {name.Quoted} ATTACH PARTITION {quoted} FOR VALUES {Bounds(key!)};");
            made.Add(partition);
        }
        if (made.Count > 0) await TableDdl.RunAsync(session, sql.ToString(), e => $"the table '{name}' needs new partitions ({string.Join(", ", made.Take(3))}), but they can't be made: {e.Message}", cancellationToken);
        foreach (var key in keys) _keys.Add(key);
        return made;
    }

    private void CheckKeys(List<string?> missing)
    {
        if (missing.Contains(null))
            throw new DestinationException(DestinationFault.Record, $"the record has no value in '{partitioning.Column}', by which the table '{name}' is partitioned, and the table has no default partition");
        if (missing.Count > MaxNew)
            throw new DestinationException(DestinationFault.Fatal, $"the table '{name}' would get {missing.Count} new partitions at once, more than {MaxNew}: '{partitioning.Column}' has too many values to partition by");
    }

    private async Task<List<string?>> MissingAsync(PgTableShape shape, PgColumn column, IReadOnlyList<string?> keys, CancellationToken cancellationToken)
    {
        var found = await session.RowsAsync(
            """
            SELECT p.partdefid <> 0, (SELECT string_agg(pg_get_partition_constraintdef(i.inhrelid), ' OR ') FROM pg_inherits i WHERE i.inhparent = p.partrelid)
            FROM pg_partitioned_table p WHERE p.partrelid = $1::bigint::oid
            """, cancellationToken, shape.Oid);
        if (found is [[true, _]]) return [];
        var values = PgSql.Quote(column.Name);
        // Texts that are the same value, such as 1 and 1.0, need one partition only.
        var missing = await session.RowsAsync(
            $"""
            SELECT DISTINCT {(partitioning.Kind == PartitionKind.List ? $"{values}::text" : "key")} FROM (
                SELECT key, key::{KeyType(column)} AS {values} FROM unnest($1::text[]) AS k(key)) AS wanted
            WHERE ({(found is [[_, string conditions]] ? conditions : "FALSE")}) IS NOT TRUE ORDER BY 1
            """, cancellationToken, (object)keys.ToArray());
        return missing.ConvertAll(m => (string?)m[0]);
    }

    // The first day of an interval is midnight of UTC.
    private string KeyType(PgColumn column) => partitioning.Kind == PartitionKind.Range && column.Type == ColumnType.Timestamp ? "timestamp AT TIME ZONE 'UTC'" : column.SqlType;

    private async Task<HashSet<string>> NamesAsync(CancellationToken cancellationToken)
    {
        var names = await session.RowsAsync("SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1", cancellationToken, name.Schema);
        return names.Select(n => (string)n[0]!).ToHashSet(StringComparer.Ordinal);
    }

    private string Bounds(string key) => partitioning.Kind == PartitionKind.List
        ? $"IN ({PgSql.Literal(key)})"
        : $"FROM ({Midnight(key)}) TO ({(_keys.EndOf(key) is { } end ? Midnight(end) : "MAXVALUE")})";

    // A date takes the day of it, and a timestamp without a zone leaves the zone out.
    private static string Midnight(string day) => $"'{day} 00:00:00+00'";

    private string Suffix(string key)
    {
        if (partitioning.Kind == PartitionKind.Range)
        {
            return (partitioning.Interval switch
            {
                PartitionInterval.Year => key[..4],
                PartitionInterval.Month => key[..7],
                _ => key,
            }).Replace('-', '_');
        }
        return key.Length == 0 ? "empty" : string.Concat(key.Select(c => char.IsLetterOrDigit(c) || char.IsSurrogate(c) ? c : '_'));
    }
}
