using System.Globalization;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Leases;

/// <summary>The right to write a stream: a document whose epoch rises with each holder. Time is the server's clock, as it was asked for when the session began.</summary>
/// <remarks>
/// There is no transaction that would hold it: it is looked at when a batch begins, and again when its checkpoint is written. Who has lost it in between has written documents, and moves no
/// checkpoint.
/// </remarks>
internal sealed class MongoLease
{
    /// <summary>How often it is due to be renewed: three chances before it expires.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(15);

    private readonly StreamTarget _target;
    private readonly long _epoch;
    private readonly string _nonce;

    private MongoLease(StreamTarget target, long epoch, ReadOnlySpan<byte> document)
    {
        (_target, _epoch) = (target, epoch);
        _nonce = BsonReader.Find(document, "nonce"u8).Text ?? "";
        Commits = BsonReader.Find(document, "commits"u8).Integer;
        Generation = BsonReader.Find(document, "generation"u8).Integer;
        Dequeued = DequeuedIn(document);
        Checkpoint = CheckpointCollection.Of(document);
    }

    /// <summary>How often the stream was committed.</summary>
    public long Commits { get; private set; }

    /// <summary>Which scan's collections beside the stream's are in use.</summary>
    public long Generation { get; private set; }

    /// <summary>Items of a queue up to this number are done; null: of none.</summary>
    public (string Queue, long Through)? Dequeued { get; private set; }

    /// <summary>The checkpoint as it was when the lease was taken.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The identities of what is appended up to the next commit.</summary>
    public AppendScope Scope => new(_epoch, _nonce, _target.PipelineName, _target.Stream, _target.Slice, Commits.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes it.</summary>
    /// <exception cref="LeaseHeldException">Somebody else holds it.</exception>
    public static async Task<MongoLease> TakeAsync(MongoSession session, StreamTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        var (pipeline, stream, slice) = (target.PipelineName, target.Stream, target.Slice);
        if (await CheckpointCollection.FindAsync(session, pipeline, stream, slice, cancellationToken) is not { } document)
        {
            await CheckpointCollection.EnsureAsync(session, pipeline, stream, slice, cancellationToken);
            document = (await CheckpointCollection.FindAsync(session, pipeline, stream, slice, cancellationToken))!;
        }
        var (owner, expires) = (BsonReader.Find(document, "owner"u8).Text, BsonReader.Find(document, "expires_at"u8).Time ?? DateTimeOffset.UnixEpoch);
        if (owner is not null && expires > session.Now && !LeaseOwner.IsDead(owner)) throw new LeaseHeldException(LeaseOwner.ForPeople(owner), expires);
        var lease = new MongoLease(target, BsonReader.Find(document, "epoch"u8).Integer + 1, document);
        var result = await lease.UpdateAsync(session, lease._epoch - 1, w =>
        {
            w.String("owner"u8, LeaseOwner.Current(time));
            w.Int64("epoch"u8, lease._epoch);
        }, cancellationToken);
        return result.Matched == 1 ? lease : throw new LeaseHeldException("a process that has just begun", session.Now + TimeToLive);
    }

    /// <summary>Extends it: the fence.</summary>
    /// <exception cref="DestinationException">Somebody else has taken it since.</exception>
    public async Task RenewAsync(MongoSession session, CancellationToken cancellationToken)
    {
        if ((await UpdateAsync(session, _epoch, static _ => { }, cancellationToken)).Matched == 0) throw await LostAsync(session, cancellationToken);
    }

    /// <summary>Extends it, and writes the checkpoint that a batch completes.</summary>
    /// <param name="session">The session.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="generation">Which scan's collections are in use from now on.</param>
    /// <param name="dequeued">Up to which number items of which queue are done.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">Somebody else has taken it since.</exception>
    public async Task WriteAsync(MongoSession session, Checkpoint checkpoint, long generation, (string Queue, long Through)? dequeued, CancellationToken cancellationToken)
    {
        var result = await UpdateAsync(session, _epoch, w =>
        {
            CheckpointCollection.Write(w, checkpoint);
            w.Int64("commits"u8, Commits + 1);
            w.Int64("generation"u8, generation);
            if (dequeued is not { } done) return;
            w.String("dequeued_queue"u8, done.Queue);
            w.Int64("dequeued"u8, done.Through);
        }, cancellationToken);
        if (result.Matched == 0) throw await LostAsync(session, cancellationToken);
        (Commits, Generation, Dequeued) = (Commits + 1, generation, dequeued);
    }

    /// <summary>Reads anew how far it was committed, after an answer that was lost.</summary>
    public async Task ReadAsync(MongoSession session, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, cancellationToken) is not { } document || BsonReader.Find(document, "epoch"u8).Integer != _epoch) return;
        Commits = BsonReader.Find(document, "commits"u8).Integer;
        Generation = BsonReader.Find(document, "generation"u8).Integer;
        Dequeued = DequeuedIn(document);
    }

    /// <summary>The committed batch number.</summary>
    public async Task<long> ReadBatchNumberAsync(MongoSession session, CancellationToken cancellationToken) =>
        await FindAsync(session, cancellationToken) is { } document ? BsonReader.Find(document, "batch_no"u8).Integer : 0;

    /// <summary>Gives it back, if it is still ours.</summary>
    public Task ReleaseAsync(MongoSession session) => session.WriteAsync(CheckpointCollection.Name, bulk => bulk.UpdateOne(Mine(_epoch), BsonWriter.Document(static w =>
    {
        w.Begin("$set"u8);
        w.Date("expires_at"u8, DateTimeOffset.UnixEpoch);
        w.End();
    }), orInsert: false), CancellationToken.None);

    private static (string Queue, long Through)? DequeuedIn(ReadOnlySpan<byte> document) =>
        BsonReader.Find(document, "dequeued_queue"u8).Text is { } queue ? (queue, BsonReader.Find(document, "dequeued"u8).Integer) : null;

    private Task<byte[]?> FindAsync(MongoSession session, CancellationToken cancellationToken) =>
        CheckpointCollection.FindAsync(session, _target.PipelineName, _target.Stream, _target.Slice, cancellationToken);

    private byte[] Mine(long epoch) => BsonWriter.Document(w =>
    {
        CheckpointCollection.WriteId(w, _target.PipelineName, _target.Stream, _target.Slice);
        w.Int64("epoch"u8, epoch);
    });

    private Task<BulkResult> UpdateAsync(MongoSession session, long epoch, Action<BsonWriter> set, CancellationToken cancellationToken) => session.WriteAsync(
        CheckpointCollection.Name,
        bulk => bulk.UpdateOne(Mine(epoch), BsonWriter.Document(w =>
        {
            w.Begin("$set"u8);
            w.Date("expires_at"u8, session.Now + TimeToLive);
            set(w);
            w.End();
        }), orInsert: false),
        cancellationToken);

    private async Task<DestinationException> LostAsync(MongoSession session, CancellationToken cancellationToken)
    {
        var document = await FindAsync(session, cancellationToken);
        var owner = document is null ? null : BsonReader.Find(document, "owner"u8).Text;
        return new DestinationException(DestinationFault.LeaseLost, $"the stream '{_target.Stream}' has been taken over by {(owner is null ? "somebody else" : LeaseOwner.ForPeople(owner))}");
    }
}
