using Npgsql;
using NpgsqlTypes;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Leases;

/// <summary>The right to write a stream: a row whose epoch rises with each holder. Time is the database's clock. It outlives a connection: who has the epoch has the lease.</summary>
/// <remarks>
/// A transaction of the holder keeps the row locked, so that nobody takes over while it goes on, however long it takes. A holder that stands still in the middle of one (a stopped
/// process) is cut off by the server when it has been idle for as long as the lease lasts, one whose machine is gone when that no longer answers; what it did is undone then.
/// </remarks>
internal sealed class PgLease
{
    /// <summary>How often it is due to be renewed: three chances before it expires.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    private const string TimeToLive = "15s";
    private const string Expiry = $"clock_timestamp() + interval '{TimeToLive}'";

    /// <summary>What cuts off a transaction that stands still, as columns of a SELECT. For this transaction only: a pooler gives the session to others.</summary>
    public const string Guard = $"set_config('idle_in_transaction_session_timeout', '{TimeToLive}', true), {KeepAlive}";
    private const string KeepAlive = "set_config('tcp_keepalives_idle', '10', true), set_config('tcp_keepalives_interval', '5', true), set_config('tcp_keepalives_count', '3', true)";

    private readonly string _table;
    private readonly StreamTarget _target;
    private readonly long _epoch;

    private PgLease(string table, StreamTarget target, long epoch)
    {
        _table = table;
        _target = target;
        _epoch = epoch;
    }

    /// <summary>Takes it, within the caller's transaction.</summary>
    /// <exception cref="LeaseHeldException">Somebody else holds it.</exception>
    public static async Task<PgLease> TakeAsync(Session session, string schema, StreamTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        var table = PgCheckpointTable.Quoted(schema);
        var (pipeline, stream, slice) = (target.PipelineName, target.Stream, target.Slice);
        // Never waited for: a holder in the middle of a transaction may take long, and this one must be able to say who it is.
        await session.ExecuteAsync($"INSERT INTO {table}(pipeline, stream, slice) SELECT $1, $2, $3 WHERE NOT EXISTS(SELECT FROM {table} WHERE {PgCheckpointTable.Row}) ON CONFLICT DO NOTHING", cancellationToken, pipeline, stream, slice);
        var free = await session.RowsAsync($"SELECT owner, expires_at > clock_timestamp() FROM {table} WHERE {PgCheckpointTable.Row} FOR UPDATE SKIP LOCKED", cancellationToken, pipeline, stream, slice);
        if (free is not [[var owner, var isHeld]] || (isHeld is true && !(owner is string holder && LeaseOwner.IsDead(holder))))
            throw await HeldAsync(session, table, target, time, cancellationToken);
        var epoch = await session.ScalarAsync(
            $"UPDATE {table} SET owner = $4, epoch = epoch + 1, expires_at = {Expiry} WHERE {PgCheckpointTable.Row} RETURNING epoch, {Guard}", cancellationToken, pipeline, stream, slice, LeaseOwner.Current(time));
        return new PgLease(table, target, (long)epoch!);
    }

    /// <summary>Extends it, within a transaction or as one: the fence.</summary>
    /// <exception cref="DestinationException">Somebody else has taken it since.</exception>
    public async Task RenewAsync(Session session, CancellationToken cancellationToken)
    {
        var epoch = await session.ScalarAsync(
            $"UPDATE {_table} SET expires_at = {Expiry} WHERE {PgCheckpointTable.Row} AND epoch = $4 RETURNING epoch, {Guard}", cancellationToken, _target.PipelineName, _target.Stream, _target.Slice, _epoch);
        if (epoch is null) throw await LostAsync(session, cancellationToken);
    }

    /// <summary>Extends it and writes the checkpoint that a transaction completes.</summary>
    /// <exception cref="DestinationException">Somebody else has taken it since.</exception>
    public async Task WriteAsync(Session session, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var rows = await session.ExecuteAsync(
            $"""
            UPDATE {_table} SET expires_at = {Expiry}, watermark = $5, last_success = $6, resume = $7, boundary = $8, complete = $9, last_full_read = $10, batch_no = $11
            WHERE {PgCheckpointTable.Row} AND epoch = $4
            """,
            cancellationToken,
            _target.PipelineName, _target.Stream, _target.Slice, _epoch, Text(checkpoint.Watermark), Typed(NpgsqlDbType.TimestampTz, checkpoint.LastSuccess?.UtcDateTime), Text(checkpoint.Resume),
            Text(checkpoint.Boundary), checkpoint.Complete, Typed(NpgsqlDbType.Bigint, checkpoint.LastFullRead), checkpoint.BatchNumber);
        if (rows == 0) throw await LostAsync(session, cancellationToken);
    }

    /// <summary>Gives it back, if it is still ours.</summary>
    public Task ReleaseAsync(Session session) => session.ExecuteAsync(
        $"UPDATE {_table} SET expires_at = '-infinity' WHERE {PgCheckpointTable.Row} AND epoch = $4", CancellationToken.None, _target.PipelineName, _target.Stream, _target.Slice, _epoch);

    private static async Task<LeaseHeldException> HeldAsync(Session session, string table, StreamTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync($"SELECT owner, nullif(expires_at, '-infinity') FROM {table} WHERE {PgCheckpointTable.Row}", cancellationToken, target.PipelineName, target.Stream, target.Slice);
        return rows is [[var owner, var expires]]
            ? new LeaseHeldException(owner is string holder ? LeaseOwner.ForPeople(holder) : "a process that has just begun", expires is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : time.GetUtcNow())
            : new LeaseHeldException("a process that has just begun", time.GetUtcNow());
    }

    private async Task<DestinationException> LostAsync(Session session, CancellationToken cancellationToken)
    {
        var owner = await session.ScalarAsync($"SELECT owner FROM {_table} WHERE {PgCheckpointTable.Row}", cancellationToken, _target.PipelineName, _target.Stream, _target.Slice) as string;
        return new DestinationException(DestinationFault.LeaseLost, $"the stream '{_target.Stream}' has been taken over by {(owner is null ? "somebody else" : LeaseOwner.ForPeople(owner))}");
    }

    private static NpgsqlParameter Text(string? value) => Typed(NpgsqlDbType.Text, value);

    private static NpgsqlParameter Typed(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
