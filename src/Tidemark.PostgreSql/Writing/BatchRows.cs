using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Writes records of a batch into one table, in bulk, within the caller's transaction and savepoint. Owned by the writer of a stream.</summary>
/// <remarks>
/// 1. Records of one key are folded (<see cref="FoldedRows"/>) into one row, or into rounds where the cursor forbids that. Mostly there is one round; each is written by steps 2 to 5.
/// 2. Fields become columns of the table. Columns that no row carries are left out; of those that only some rows carry, the stage tells which.
/// 3. Fresh: while all rows are new, COPY writes into the table itself, under a savepoint. A key that is there already, or a column that only an update may leave out, leads to step 4.
/// 4. Merge: the rows are staged, by COPY into a temporary table, or as arrays where they are few; then one statement updates what differs and is not older, and inserts
///    what is not there (<see cref="RowSql.Merge"/>). Rows that stay as they are cost no write and no lock.
/// 5. Other writers may insert, update or delete the same rows between the statement's view of the table and its writes. Then its counts don't add up, and it is repeated:
///    it finds as equal what it has written itself.
/// </remarks>
/// <param name="session">The connection.</param>
/// <param name="table">The table; it has a column for each value that comes.</param>
/// <param name="options">How.</param>
internal sealed class BatchRows(Session session, PgTable table, RowOptions options) : IDisposable
{
    private const string Savepoint = "_tidemark_fresh";
    private const string NotNullViolation = "23502";
    private const int MaxRepeats = 10;

    private readonly FoldedRows _rows = new(table, options);
    private readonly CopyFormat _format = new();
    private readonly TextArrays _arrays = new();
    private RowSql? _sql;
    private bool? _allNew;

    /// <summary>
    /// Up to so many rows are sent as arrays. Measured, rows of seven columns, half of them changed, CPU of client and server for a call: 50 rows 3 ms as arrays and 7 ms
    /// through a temporary table, 400 rows 8 and 10 ms, 800 rows 10 and 12 ms; beyond that the strings weigh more than the table in the catalog.
    /// </summary>
    public int MaxArrayRows { get; init; } = 500;

    // Row-level security looks at each row; COPY into the table is refused then.
    private bool IsDirect => _sql!.IsDirect && table.Shape is { HasRowSecurity: false };

    /// <summary>Writes some records of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first record.</param>
    /// <param name="count">How many.</param>
    /// <param name="seen">Where the keys of these records are kept as well (a full scan that follows deletions); null: nowhere.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<WriteCounts> WriteAsync(RecordBatch batch, int start, int count, PgTable? seen, CancellationToken cancellationToken)
    {
        if (count == 0) return default;
        if (!table.Exists) throw new DestinationException(DestinationFault.Record, $"the records bring no value, and the table '{table.Name}' is not there yet: nothing tells its columns");
        await table.EnsurePartitionsAsync(batch, start, count, cancellationToken);
        _rows.Fold(batch, start, count);
        var counts = default(WriteCounts);
        for (var round = 0; round < _rows.Of.Rounds; round++)
        {
            var (layout, sql) = _rows.Round(batch, round);
            _sql = sql;
            // All keys are in the first round.
            if (await WriteRoundAsync(batch, round, layout, round == 0 ? seen : null, cancellationToken) is { } written) counts += written;
            else return await WriteApartAsync(batch, start, count, seen, cancellationToken);
        }
        return counts with { Unchanged = count - counts.Inserted - counts.Updated };
    }

    public void Dispose()
    {
        _rows.Dispose();
        _format.Dispose();
        _arrays.Dispose();
    }

    // Nothing was written yet. Rare enough to be simple: somebody else's column, and keys such as 1.0 and 1.00 in one call.
    private async Task<WriteCounts> WriteApartAsync(RecordBatch batch, int start, int count, PgTable? seen, CancellationToken cancellationToken)
    {
        var half = count / 2;
        return await WriteAsync(batch, start, half, seen, cancellationToken) + await WriteAsync(batch, start + half, count - half, seen, cancellationToken);
    }

    private async Task<WriteCounts?> WriteRoundAsync(RecordBatch batch, int round, RowLayout layout, PgTable? seen, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync(batch, round, layout, seen, cancellationToken);
        }
        catch (PgError e) when (e.Fault == DestinationFault.Record)
        {
            throw Refusal.WithColumns(e, layout);
        }
    }

    // Null if two of the rows have one key, as only the database can tell.
    private async Task<WriteCounts?> WriteAsync(RecordBatch batch, int round, RowLayout layout, PgTable? seen, CancellationToken cancellationToken)
    {
        var rows = _rows.Of.Round(round).Length;
        if (_rows.Key.Count == 0)
        {
            await AppendAsync(batch, round, layout, rows, cancellationToken);
            return new WriteCounts(rows, 0, 0);
        }
        if (IsDirect && round == 0 && await IsAllNewAsync(cancellationToken))
        {
            if (await TryCopyAsync(batch, round, layout, seen, cancellationToken)) return new WriteCounts(rows, 0, 0);
            _allNew = false;
        }
        var (from, values) = await StageAsync(batch, round, layout, cancellationToken);
        if (_sql!.HasOwnEquality && round == 0 && rows > 1 && await session.ScalarAsync(_sql.CountKeys(from), cancellationToken, values) is long keys && keys < rows) return null;
        var counts = await MergeAsync(values, cancellationToken);
        if (seen is not null) await session.ExecuteAsync(_sql.AddKeys(seen, from), cancellationToken, values);
        _allNew = counts.Inserted == rows;
        return counts;
    }

    private async Task<bool> IsAllNewAsync(CancellationToken cancellationToken) =>
        _allNew ??= await session.ScalarAsync($"SELECT EXISTS (SELECT FROM {table.Name.Quoted})", cancellationToken) is false;

    private async Task AppendAsync(RecordBatch batch, int round, RowLayout layout, int rows, CancellationToken cancellationToken)
    {
        if (layout.Columns.Length == 0)
        {
            await session.ExecuteAsync($"INSERT INTO {table.Name.Quoted} SELECT FROM generate_series(1, {rows})", cancellationToken);
        }
        else if (IsDirect)
        {
            await CopyAsync(_sql!.CopyDirect, batch, round, layout, withPresence: false, cancellationToken);
        }
        else
        {
            var (from, values) = await StageAsync(batch, round, layout, cancellationToken);
            await session.ExecuteAsync(_sql!.Insert(from), cancellationToken, values);
        }
    }

    private async Task<bool> TryCopyAsync(RecordBatch batch, int round, RowLayout layout, PgTable? seen, CancellationToken cancellationToken)
    {
        session.Defer($"SAVEPOINT {Savepoint}");
        try
        {
            await CopyAsync(_sql!.CopyDirect, batch, round, layout, withPresence: false, cancellationToken);
            if (seen is not null)
            {
                var sql = $"COPY {seen.Name.Quoted} ({PgSql.List(seen.Key.Select(k => k.Name))}) FROM STDIN (FORMAT BINARY)";
                await CopyAsync(sql, batch, round, layout.ForKeys(_rows.Key, seen.Key), withPresence: false, cancellationToken);
            }
        }
        catch (PgError e) when (e.State is PgError.UniqueViolation or NotNullViolation)
        {
            await session.ExecuteAsync($"ROLLBACK TO SAVEPOINT {Savepoint}", cancellationToken);
            session.Defer($"RELEASE SAVEPOINT {Savepoint}");
            return false;
        }
        session.Defer($"RELEASE SAVEPOINT {Savepoint}");
        return true;
    }

    private Task CopyAsync(string sql, RecordBatch batch, int round, RowLayout layout, bool withPresence, CancellationToken cancellationToken)
    {
        _format.Begin(batch, _rows.Of, round, layout, withPresence);
        return session.CopyAsync(sql, _format.Next, cancellationToken);
    }

    // Where the rows are now, and the parameters that go with it.
    private async Task<(string From, IReadOnlyList<object?> Values)> StageAsync(RecordBatch batch, int round, RowLayout layout, CancellationToken cancellationToken)
    {
        if (_rows.Of.Round(round).Length <= MaxArrayRows) return (_sql!.FromArrays, _arrays.Of(batch, _rows.Of, round, layout));
        await session.ExecuteAsync(_sql!.CreateStage, cancellationToken);
        await CopyAsync(RowSql.CopyStage, batch, round, layout, withPresence: true, cancellationToken);
        return (_sql.FromStage, []);
    }

    private async Task<WriteCounts> MergeAsync(IReadOnlyList<object?> values, CancellationToken cancellationToken)
    {
        var counts = default(WriteCounts);
        var previous = default(MergeOutcome);
        for (var repeat = 0; repeat < MaxRepeats; repeat++)
        {
            var outcome = MergeOutcome.Of((await session.RowsAsync(values.Count == 0 ? _sql!.MergeStage : _sql!.MergeArrays, cancellationToken, values))[0]);
            counts += new WriteCounts(outcome.Inserted, outcome.Updated, 0);
            if (outcome == previous && !outcome.IsComplete && table.Shape is { HasRowSecurity: true })
                throw Refusal.Hidden(table.Name);
            // The same again, and nothing written: it is no other writer that keeps these rows as they are but the table itself, by a trigger or a rule.
            if (outcome.IsComplete || outcome == previous) return counts with { Older = outcome.Older };
            previous = outcome with { Inserted = 0, Updated = 0 };
        }
        throw new DestinationException(DestinationFault.Temporary, $"other writers change rows of '{table.Name}' faster than they can be merged");
    }
}
