#pragma warning disable CS9113
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Writes records of a batch into one table, in bulk, within the caller's transaction and savepoint. Owned by the writer of a stream.</summary>
/// <param name="session">The connection.</param>
/// <param name="table">The table; it has a column for each value that comes.</param>
/// <param name="options">How.</param>
internal sealed class BatchRows(Session session, PgTable table, RowOptions options)
{
    /// <summary>Writes some records of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first record.</param>
    /// <param name="count">How many.</param>
    /// <param name="seen">Where the keys of these records are kept as well (a full scan that follows deletions); null: nowhere.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<WriteCounts> WriteAsync(RecordBatch batch, int start, int count, PgTable? seen, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
