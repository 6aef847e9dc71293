using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.PostgreSql.Writing;

namespace Tidemark.PostgreSql.Tests.Writing;

/// <summary>Writes records in transactions, each call under a savepoint.</summary>
internal sealed class RowWriterOfTests(Session session, PgTable table, RowOptions options, int maxArrayRows) : IDisposable
{
    private readonly BatchRows _rows = new(session, table, options) { MaxArrayRows = maxArrayRows };

    public Session Session => session;

    public PgTable Table => table;

    /// <summary>Records as JSON, with ' for ", in a transaction of their own.</summary>
    public Task<WriteCounts> WriteAsync(IReadOnlyList<string> records, PgTable? seen = null) => WriteRawAsync([.. records.Select(r => r.Replace('\'', '"'))], seen);

    /// <summary>Records as JSON, in a transaction of their own.</summary>
    public async Task<WriteCounts> WriteRawAsync(IReadOnlyList<string> records, PgTable? seen = null)
    {
        session.Begin();
        try
        {
            var counts = await WriteInRawAsync(records, seen);
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

    /// <summary>Records as JSON, with ' for ", in the transaction that is open.</summary>
    public Task<WriteCounts> WriteInAsync(IReadOnlyList<string> records) => WriteInRawAsync([.. records.Select(r => r.Replace('\'', '"'))], null);

    public void Dispose() => _rows.Dispose();

    private async Task<WriteCounts> WriteInRawAsync(IReadOnlyList<string> records, PgTable? seen)
    {
        using var batch = RowsBench.Batch(options.KeyFields, records);
        await table.EnsureAsync([.. batch.Columns.Select(c => new PgArrival(c.Field, c.Type, c.Seen))], default);
        return await _rows.WriteAsync(batch, 0, batch.Count, seen, default);
    }
}
