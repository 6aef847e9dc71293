using System.Text;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.PostgreSql.Values;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>The keys that an unfinished full scan has carried so far, in a table beside the stream's own, committed with each batch.</summary>
/// <param name="session">The connection.</param>
/// <param name="table">The table of keys.</param>
/// <param name="main">The stream's table.</param>
/// <param name="keyFields">The primary key.</param>
internal sealed class PgSeenKeys(Session session, PgTable table, PgTable main, IReadOnlyList<string> keyFields)
{
    /// <summary>True for keys of records that the stream's table refused.</summary>
    public const string Failed = "_tidemark_failed";

    /// <summary>The table of keys.</summary>
    public PgTable Table => table;

    /// <summary>Makes the table hold the keys of the stream's table, in the same types, so that keys are equal here exactly if they are equal there.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        // Types that are none of ours are somebody else's, in columns that have the name of their field.
        var foreign = table.Exists ? [] : keyFields.Select(f => main.Fields[f]).Where(c => c.Type is null).ToList();
        if (foreign.Count > 0)
        {
            table.Touched = true;
            await session.ExecuteAsync($"CREATE TABLE {table.Name.Quoted} AS SELECT {PgSql.List(foreign.Select(c => c.Name))} FROM {main.Name.Quoted} WITH NO DATA", cancellationToken);
        }
        await table.EnsureAsync([.. keyFields.Select(f => new PgArrival(f, main.Fields[f].Type ?? ColumnType.Text, CellKinds.None))], cancellationToken);
    }

    /// <summary>Adds the key of a record that the stream's table has refused.</summary>
    public Task AddFailedAsync(RecordBatch batch, int row, CancellationToken cancellationToken)
    {
        var columns = table.Key;
        var values = keyFields.Select((f, i) => TextOf(batch, batch.Columns.First(c => string.Equals(c.Field, f, StringComparison.Ordinal))[row], columns[i])).ToArray();
        return session.ExecuteAsync(
            $"INSERT INTO {table.Name.Quoted}({PgSql.List(columns.Select(c => c.Name))}, {Failed}) VALUES({string.Join(", ", columns.Select(Value))}, true) ON CONFLICT DO NOTHING",
            cancellationToken, values);
    }

    /// <summary>How many keys there are.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) => CountAsync("", cancellationToken);

    /// <summary>How many of them are keys of refused records.</summary>
    public Task<long> CountFailedAsync(CancellationToken cancellationToken) => CountAsync($"WHERE {Failed}", cancellationToken);

    /// <summary>A condition on rows of the stream's table, which is called <c>m</c>: no record of the scan had their key.</summary>
    public string Unseen()
    {
        if (!table.Exists) return "true";
        var equal = main.Key.Zip(table.Key, (m, s) => $"s.{PgSql.Quote(s.Name)} = m.{PgSql.Quote(m.Name)}");
        return $"NOT EXISTS(SELECT FROM {table.Name.Quoted} AS s WHERE {string.Join(" AND ", equal)})";
    }

    private async Task<long> CountAsync(string condition, CancellationToken cancellationToken) =>
        table.Exists ? (long)(await session.ScalarAsync($"SELECT count(*) FROM {table.Name.Quoted} {condition}", cancellationToken))! : 0;

    private static string Value(PgColumn column, int index) => column.Type == ColumnType.Bytes ? $"decode(${index + 1}::text, 'base64')" : $"${index + 1}::text::{column.SqlType}";

    private static string TextOf(RecordBatch batch, Cell cell, PgColumn column)
    {
        var text = new byte[TextValues.LongestOf(cell)];
        return Encoding.UTF8.GetString(text.AsSpan(0, TextValues.Write(text, batch, cell, column)));
    }
}
