using Tidemark.Destinations;
using Tidemark.PostgreSql.Leases;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Sharing;

/// <summary>Writes tables without a lease, over a connection of its own. A lost connection is replaced at the next call.</summary>
internal sealed class PgSharedWriter : ISharedWriter
{
    // A transaction whose connection was lost in COMMIT is decided as soon as its server process notices, or has waited for its standby.
    private static readonly TimeSpan DecidedAfter = TimeSpan.FromMilliseconds(100);
    private const int MaxDecisions = 300;

    private readonly PgServer _server;
    private readonly string _schema;
    private readonly IReadOnlyList<StreamTarget> _targets;
    private readonly DestinationServices _services;
    private readonly IReadOnlyCollection<string>[] _fields;
    private readonly SchemaChangeList _changes = new();
    private readonly PgReferences _references;
    private PgSharedTables _tables;
    private bool _disposed;

    /// <param name="server">The way to the database.</param>
    /// <param name="schema">Where the tables of ours are.</param>
    /// <param name="targets">The tables.</param>
    /// <param name="services">What it may use.</param>
    /// <param name="tables">The tables, on a connection that the writer owns from now on.</param>
    public PgSharedWriter(PgServer server, string schema, IReadOnlyList<StreamTarget> targets, DestinationServices services, PgSharedTables tables)
    {
        (_server, _schema, _targets, _services, _tables) = (server, schema, targets, services, tables);
        _fields = [.. tables.All.Select(t => t.Table.Fields.Keys.ToArray())];
        _references = new PgReferences(schema);
    }

    public IReadOnlyList<SchemaChange> SchemaChanges => _changes.All;

    public IReadOnlyCollection<string> FieldsOf(int target) => _fields[target];

    public async Task PrepareAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_tables.Session.IsOpen && _tables.Hold(records)) return;
        var session = await ConnectedAsync(cancellationToken);
        session.Begin();
        try
        {
            if (_tables.IsStale) await _tables.LoadAsync(cancellationToken);
            foreach (var part in records.Where(r => r.Count > 0)) await _tables.All[part.Target].EnsureAsync(part, cancellationToken);
            await CommitAsync(last: null, cancellationToken);
        }
        catch (DestinationException e) when (e.Fault is DestinationFault.Record or DestinationFault.Guard)
        {
            // Which records it is, and what becomes of the others, shows when they are written.
            await RollbackAsync();
        }
        catch
        {
            await RollbackAsync();
            throw;
        }
    }

    public async Task<ISharedTransaction> BeginAsync(SharedLook look, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        for (var isRepeat = false; ; isRepeat = true)
        {
            var session = await ConnectedAsync(cancellationToken);
            try
            {
                session.Begin();
                return await LookAsync(session, look, cancellationToken);
            }
            catch (PgError e) when (!isRepeat && e.State.StartsWith("42", StringComparison.Ordinal) && e.State != PgError.NoRight)
            {
                // Somebody else has altered or dropped a table since it was looked at.
                await RollbackAsync();
                _tables.IsStale = true;
                _references.Forget();
            }
            catch
            {
                await RollbackAsync();
                throw;
            }
        }
    }

    public async Task<bool> WasCommittedAsync(string token, CancellationToken cancellationToken)
    {
        await using var fresh = await _server.ConnectAsync(cancellationToken);
        for (var look = 0; look < MaxDecisions; look++)
        {
            switch (await StatusAsync(fresh, token, cancellationToken))
            {
                case "committed":
                    return true;
                case "in progress":
                    await Task.Delay(DecidedAfter, _services.Time, cancellationToken);
                    continue;
                default:
                    return false;
            }
        }
        throw new DestinationException(DestinationFault.Temporary, $"{_server.Name}: the transaction {token} is neither committed nor rolled back");
    }

    public async Task<long> ReadPositionAsync(string pipeline, string stream, CancellationToken cancellationToken) =>
        await PgCheckpointTable.ReadPositionAsync(await ConnectedAsync(cancellationToken), _schema, pipeline, stream, cancellationToken);

    public async Task<long> PurgeAnswersAsync(CancellationToken cancellationToken) => await PgIdempotencyTable.PurgeAsync(await ConnectedAsync(cancellationToken), _schema, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await RollbackAsync();
        _tables.Dispose();
        await _tables.Session.DisposeAsync();
    }

    /// <summary>Commits the open transaction.</summary>
    /// <param name="last">What goes before the COMMIT, in one round trip with it; null: nothing.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal async Task CommitAsync(PgStatement? last, CancellationToken cancellationToken)
    {
        await _tables.Session.CommitAsync(last, cancellationToken);
        _changes.Add(_tables.Committed());
    }

    /// <summary>Undoes the open transaction.</summary>
    internal async Task RollbackAsync()
    {
        await _tables.Session.RollbackAsync();
        _tables.RolledBack();
    }

    private async Task<PgSharedTransaction> LookAsync(Session session, SharedLook look, CancellationToken cancellationToken)
    {
        if (_tables.IsStale) await _tables.LoadAsync(cancellationToken);
        if (!_references.Knows(look.References)) await _references.LoadAsync(session, look.References, cancellationToken);
        // At this point nothing has been sent, as a rule: all that follows is one round trip.
        var known = _tables.All.Where(t => t.Table.Exists).Select(t => t.Table).ToList();
        foreach (var table in known) session.Defer(Tables.PgTableShape.LockSql(table.Name));
        // What is looked up lies in memory, mostly: with the usual cost of a page the planner would read a whole table of 100 000 to save a thousand look-ups by an index.
        session.Defer("SET LOCAL random_page_cost = 0.1");
        List<PgStatement> statements = [new($"SELECT txid_current()::text, {PgLease.Guard}"), .. known.Select(t => new PgStatement(t.Shape!.MarkSql(t.Name)))];
        if (look.Position is { } position) statements.Add(PgCheckpointTable.Move(_schema, position));
        if (look.Keys.Count > 0) statements.AddRange(PgIdempotencyTable.Look(_schema, look.Keys));
        statements.AddRange(look.References.Select(_references.Look));
        var answers = new Queue<List<object?[]>>(await session.RunAllAsync(statements, cancellationToken));
        var token = (string)answers.Dequeue()[0][0]!;
        foreach (var table in known)
        {
            if (!string.Equals(answers.Dequeue()[0][0] as string, table.Shape!.Mark, StringComparison.Ordinal)) await table.LoadAsync(cancellationToken);
        }
        if (look.Position is { } moved && answers.Dequeue().Count == 0) throw SharedPosition.Lost(moved);
        return new PgSharedTransaction(_schema, _tables, this)
        {
            Token = token,
            Keys = look.Keys.Count > 0 ? PgIdempotencyTable.StatesOf(look.Keys, answers.Dequeue(), answers.Dequeue()) : [],
            References = [.. look.References.Select(IReadOnlyList<bool> (q) => PgReferences.FoundOf(q, answers.Dequeue()))],
        };
    }

    private static async Task<string?> StatusAsync(Session session, string token, CancellationToken cancellationToken)
    {
        try
        {
            return await session.ScalarAsync("SELECT txid_status($1::text::bigint)", cancellationToken, token) as string;
        }
        catch (PgError e) when (e.State == "22023")
        {
            // A number that this server has not come to: a standby took over, and the transaction did not reach it.
            return null;
        }
    }

    private async Task<Session> ConnectedAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_tables.Session.IsOpen) return _tables.Session;
        var session = await _server.ConnectAsync(cancellationToken);
        var before = _tables;
        _tables = new PgSharedTables(session, _schema, _targets, _services.CompareCursors);
        before.Dispose();
        await before.Session.DisposeAsync();
        return session;
    }
}
