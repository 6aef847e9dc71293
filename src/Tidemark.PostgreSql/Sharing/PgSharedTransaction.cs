using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Writing;

namespace Tidemark.PostgreSql.Sharing;

/// <summary>One transaction of a shared writer. It began with the look.</summary>
internal sealed class PgSharedTransaction(string schema, PgSharedTables tables, PgSharedWriter writer) : ISharedTransaction
{
    private const string Savepoint = "tidemark";

    private readonly Session _session = tables.Session;
    private readonly SharedMerge _merge = new(tables);
    private bool _ended;

    public required string Token { get; init; }

    public required IReadOnlyList<KeyState> Keys { get; init; }

    public required IReadOnlyList<IReadOnlyList<bool>> References { get; init; }

    public async Task<IReadOnlyList<IReadOnlyList<WrittenRecord>>> WriteAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        if (records.All(r => r.Count == 0)) return [.. records.Select(_ => Array.Empty<WrittenRecord>())];
        var mark = tables.Mark();
        _session.Defer($"SAVEPOINT {Savepoint}");
        try
        {
            var outcomes = await WriteSomeAsync(records, cancellationToken);
            _session.Defer($"RELEASE {Savepoint}");
            return outcomes;
        }
        catch (DestinationException e) when (e.Fault is DestinationFault.Record or DestinationFault.Guard)
        {
            // After any other error the transaction can only be disposed.
            await _session.ExecuteAsync($"ROLLBACK TO {Savepoint}", cancellationToken);
            _session.Defer($"RELEASE {Savepoint}");
            await tables.RolledBackAsync(mark, cancellationToken);
            throw;
        }
        catch (PgError e) when (e.Fault == DestinationFault.Fatal)
        {
            throw Refusal.OfTables(e, [.. records.Select(r => tables.All[r.Target].Table.Name)]);
        }
    }

    public async Task CommitAsync(IReadOnlyList<StoredAnswer> answers, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        try
        {
            await writer.CommitAsync(answers.Count == 0 ? null : PgIdempotencyTable.Keep(schema, answers), cancellationToken);
        }
        catch (PgError e) when (e.Fault == DestinationFault.Record)
        {
            throw new DestinationException(DestinationFault.Fatal, $"a constraint that is checked at the end of a transaction does not allow what was written: {e.Message}", e);
        }
        _ended = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        await writer.RollbackAsync();
    }

    // Parts without records are answered here.
    private async Task<IReadOnlyList<IReadOnlyList<WrittenRecord>>> WriteSomeAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken)
    {
        List<TableRecords> some = [.. records.Where(r => r.Count > 0)];
        var written = await _merge.WriteAsync(some, cancellationToken);
        return some.Count == records.Count ? written : [.. records.Select(r => r.Count == 0 ? [] : written[some.FindIndex(s => s.Target == r.Target)])];
    }

    private void CheckOpen(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ended, this);
        if (!_session.IsOpen) throw _session.Errors.Lost();
    }
}
