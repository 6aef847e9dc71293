using Tidemark.Destinations;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Leases;

/// <summary>The right to write a stream: a row whose epoch rises with each holder. Time is the database's clock.</summary>
internal sealed class Lease
{
    /// <summary>How often it is due to be renewed: three chances before it expires.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    private const int TimeToLiveSeconds = 15;
    private const string Now = "unixepoch('now', 'subsec')";
    private const string Row = CheckpointTable.Row;

    private readonly Database _database;
    private readonly StreamTarget _target;
    private readonly long _epoch;

    private Lease(Database database, StreamTarget target, long epoch)
    {
        _database = database;
        _target = target;
        _epoch = epoch;
    }

    /// <summary>Takes it, within the caller's transaction.</summary>
    /// <exception cref="LeaseHeldException">Somebody else holds it.</exception>
    public static Lease Take(Database database, StreamTarget target, TimeProvider time)
    {
        var held = database.Rows($"SELECT owner, expires_at, expires_at > {Now} FROM _tidemark_checkpoints WHERE {Row}", target.PipelineName, target.Stream, target.Slice);
        if (held is [[string owner, { } expires, 1L]] && !LeaseOwner.IsDead(owner))
            throw new LeaseHeldException(LeaseOwner.ForPeople(owner), DateTimeOffset.FromUnixTimeMilliseconds((long)(Convert.ToDouble(expires, System.Globalization.CultureInfo.InvariantCulture) * 1000)));
        var epoch = database.Count(
            $"""
            INSERT INTO _tidemark_checkpoints(pipeline, stream, slice, owner, epoch, expires_at) VALUES(?1, ?2, ?3, ?4, 1, {Now} + {TimeToLiveSeconds})
            ON CONFLICT DO UPDATE SET owner = excluded.owner, epoch = epoch + 1, expires_at = excluded.expires_at RETURNING epoch
            """,
            target.PipelineName, target.Stream, target.Slice, LeaseOwner.Current(time));
        return new Lease(database, target, epoch);
    }

    /// <summary>Extends it, within the caller's transaction: the fence.</summary>
    /// <exception cref="DestinationException">Somebody else has taken it since.</exception>
    public void Renew()
    {
        _database.Run($"UPDATE _tidemark_checkpoints SET expires_at = {Now} + {TimeToLiveSeconds} WHERE {Row} AND epoch = ?4", _target.PipelineName, _target.Stream, _target.Slice, _epoch);
        if (_database.Changes == 1) return;
        var owner = _database.Scalar($"SELECT owner FROM _tidemark_checkpoints WHERE {Row}", _target.PipelineName, _target.Stream, _target.Slice) as string;
        throw new DestinationException(DestinationFault.LeaseLost, $"the stream '{_target.Stream}' has been taken over by {(owner is null ? "somebody else" : LeaseOwner.ForPeople(owner))}");
    }

    /// <summary>Gives it back, if it is still ours.</summary>
    public void Release() =>
        _database.Run($"UPDATE _tidemark_checkpoints SET expires_at = 0 WHERE {Row} AND epoch = ?4", _target.PipelineName, _target.Stream, _target.Slice, _epoch);
}
