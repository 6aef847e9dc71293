using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.PostgreSql.Writing;

namespace Tidemark.PostgreSql.Tests.Writing;

/// <summary>Writes records in transactions, each call under a savepoint.</summary>
internal sealed class RowWriterOfTests(Session session, PgTable table, RowOptions options) : IDisposable
{
    private readonly BatchRows _rows = new(session, table, options);

    public Session Session => session;

    public PgTable Table => table;

    /// <summary>Records as JSON, with ' for ", in a transaction of their own.</summary>
    public Task<WriteCounts> WriteAsync(IReadOnlyList<string> records, PgTable? seen = null) => WriteRawAsync([.. records.Select(r => r.Replace('\'', '"'))], seen);

    /// <summary>Records as JSON, in a transaction of their own.</summary>
    public async Task<WriteCounts> WriteRawAsync(IReadOnlyList<string> records, PgTable? seen = null)
    {
        await session.BeginAsync(default);
        try
        {
            var counts = await WriteInAsync(records, seen);
            await session.CommitAsync(default);
            return counts;
        }
        catch
        {
            await session.RollbackAsync();
            await table.LoadAsync(default);
            throw;
        }
    }

    /// <summary>The same in the transaction that is open.</summary>
    public async Task<WriteCounts> WriteInAsync(IReadOnlyList<string> records, PgTable? seen = null)
    {
        using var batch = RowsBench.Batch(options.KeyFields, records);
        await table.EnsureAsync([.. batch.Columns.Where(c => c.Type is not null).Select(c => new Arrival(c.Field, c.Type!.Value, c.Seen))], default);
        return await _rows.WriteAsync(batch, 0, batch.Count, seen, default);
    }

    public void Dispose() => _rows.Dispose();
}
