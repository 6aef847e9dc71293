using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Keeping;
using Tidemark.PostgreSql.Leases;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Sharing;
using Tidemark.PostgreSql.Tables;
using Tidemark.PostgreSql.Writing;

namespace Tidemark.PostgreSql;

/// <summary>A PostgreSQL database that streams write to, each over a connection of its own.</summary>
/// <param name="server">The way to it; disposed with the destination.</param>
/// <param name="schema">Where tables without a schema are, and those of ours.</param>
/// <param name="services">What it may use.</param>
internal sealed class PgLiveDestination(PgServer server, string schema, DestinationServices services) : IDestination
{
    // For reads that somebody waits for, and the counts of hits.
    private readonly SessionPool _kept = new(server, kept: 4);

    public async Task<string> CheckAsync(CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        await Rights.CheckAsync(session, server.Name, schema, cancellationToken);
        return $"PostgreSQL {session.ServerVersion} at {server.Name}, schema {schema}";
    }

    public async Task CheckTableAsync(StreamTarget target, CancellationToken cancellationToken)
    {
        CheckTarget(target);
        await using var session = await server.ConnectAsync(cancellationToken);
        session.Begin();
        await TableRights.CheckAsync(session, server.Name, schema, target, cancellationToken);
    }

    public async Task<IStreamWriter> OpenAsync(StreamTarget target, CancellationToken cancellationToken)
    {
        CheckTarget(target);
        PgStreamTables TablesOn(Session connection) => new(connection, schema, target, services.CompareCursors);
        var session = await server.ConnectAsync(cancellationToken);
        var tables = TablesOn(session);
        try
        {
            await Rights.CheckServerAsync(session, server.Name, cancellationToken);
            session.Begin();
            await OurTables.EnsureAsync(session, schema, tables.Main.Name.Schema, cancellationToken);
            var lease = await PgLease.TakeAsync(session, schema, target, services.Time, cancellationToken);
            await tables.RefreshAsync(cancellationToken);
            if (tables.Main.Exists) await tables.Main.EnsureAsync([], cancellationToken);
            var writer = new PgStreamWriter(server, schema, target, lease, tables, TablesOn)
            {
                Checkpoint = await PgCheckpointTable.ReadAsync(session, schema, target.PipelineName, target.Stream, target.Slice, cancellationToken),
                Fields = [.. tables.Main.Fields.Keys.Union(tables.Stage.Fields.Keys, StringComparer.Ordinal)],
                TableHadRows = tables.Main.Exists && await session.ScalarAsync($"SELECT EXISTS(SELECT FROM {tables.Main.Name.Quoted})", cancellationToken) is true,
            };
            await writer.CommitAsync(cancellationToken);
            return writer;
        }
        catch
        {
            // Closing rolls back.
            tables.Dispose();
            await session.DisposeAsync();
            throw;
        }
    }

    // While the server writes for one, another makes rows of what has arrived since.
    public int UsefulSharedWriters => 2;

    public async Task<ISharedWriter> OpenSharedAsync(IReadOnlyList<StreamTarget> targets, SharedOptions options, CancellationToken cancellationToken)
    {
        foreach (var target in targets) CheckTarget(target);
        TargetRules.CheckShared(targets);
        var session = await server.ConnectAsync(cancellationToken);
        try
        {
            await Rights.CheckServerAsync(session, server.Name, cancellationToken);
            session.Begin();
            foreach (var ourSchema in targets.Select(t => TableName.Parse(t.Table, schema).Schema).Distinct(StringComparer.Ordinal)) await OurTables.EnsureAsync(session, schema, ourSchema, cancellationToken);
            await PgIdempotencyTable.EnsureAsync(session, schema, cancellationToken);
            var tables = new PgSharedTables(session, schema, targets, services.CompareCursors);
            await tables.LoadAsync(cancellationToken);
            await session.CommitAsync(cancellationToken);
            return new PgSharedWriter(server, schema, targets, services, tables);
        }
        catch
        {
            // Closing rolls back.
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task<Checkpoint> ReadCheckpointAsync(string pipeline, string stream, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        return await OurTables.AreThereAsync(session, schema, cancellationToken) ? await PgCheckpointTable.ReadAsync(session, schema, pipeline, stream, slice: "", cancellationToken) : Checkpoint.None;
    }

    public async Task<IReadOnlyDictionary<string, Checkpoint>> ReadSliceCheckpointsAsync(string pipeline, string stream, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        return await OurTables.AreThereAsync(session, schema, cancellationToken) ? await PgCheckpointTable.ReadSlicesAsync(session, schema, pipeline, stream, cancellationToken) : new Dictionary<string, Checkpoint>(StringComparer.Ordinal);
    }

    public async Task<ObservedDatabase> ObserveAsync(string pipeline, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        var bytes = await session.ScalarAsync("SELECT pg_database_size(current_database())", cancellationToken) as long?;
        if (!await OurTables.AreThereAsync(session, schema, cancellationToken)) return new ObservedDatabase(bytes, []);
        var streams = await PgCheckpointTable.ReadAllAsync(session, schema, pipeline, cancellationToken);
        return new ObservedDatabase(bytes, streams.ConvertAll(s => new ObservedStream(s.Stream, s.Checkpoint, s.Owner is { } owner && !LeaseOwner.IsDead(owner) ? owner : null)));
    }

    public async Task<TableSample> ReadNewestAsync(StreamTarget target, int limit, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        session.Begin();
        return await PgNewestRows.ReadAsync(session, server.Name, schema, target, limit, cancellationToken);
    }

    public async Task<TableDescription?> DescribeAsync(StreamTarget target, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        session.Begin();
        return await TableDescriber.DescribeAsync(session, schema, target, cancellationToken);
    }

    public string Kind => "postgresql";

    public async Task MigrateAsync(IReadOnlyList<TableMigration> steps, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        await PgTableMigrations.ApplyAsync(session, schema, steps, cancellationToken);
    }

    public async Task<IReadOnlyList<TableDescription?>> DescribeMigratedAsync(IReadOnlyList<TableMigration> steps, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        return await PgTableMigrations.DescribeAsync(session, steps, tables, cancellationToken);
    }

    public ILookupTable OpenLookup(LookupTarget target) => new PgLookupTable(_kept, schema, target);

    public async ValueTask DisposeAsync()
    {
        await _kept.DisposeAsync();
        await server.DisposeAsync();
    }

    private void CheckTarget(StreamTarget target)
    {
        if (PgColumnMap.IsOurs(TableName.Parse(target.Table, schema).Name))
            throw new DestinationException(DestinationFault.Fatal, $"'{target.Table}' can't be the table of the stream '{target.Stream}': the name is reserved; name another one");
        TargetRules.Check(target);
    }
}
