using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Sharing;

/// <summary>The answers to posts, kept after the documents that they tell of. Time is the server's clock.</summary>
/// <remarks>
/// Whoever works on a key has put a claim on it: a document without an answer. A claim that is neither answered nor given back, because its process was killed, ends at once where that is seen, and after a while by itself; documents that were
/// written under it stay, and the repeat of the post merges into them.
/// </remarks>
internal static class MongoIdempotency
{
    /// <summary>Its name.</summary>
    public const string Name = "_tidemark_idempotency";

    private const int MaxPurged = 5000;
    private static readonly TimeSpan ClaimedFor = TimeSpan.FromMinutes(1);

    /// <summary>Claims keys, and tells what is known of them. Nothing but one command is sent where all of them are new.</summary>
    /// <param name="session">The session.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="token">The transaction that claims them.</param>
    /// <param name="owner">Its process, as <see cref="LeaseOwner"/> writes it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<KeyState[]> ClaimAsync(MongoSession session, IReadOnlyList<IdempotencyKey> keys, string token, string owner, CancellationToken cancellationToken)
    {
        var states = new KeyState[keys.Count];
        if (keys.Count == 0) return states;
        using var bulk = session.NewBulk(Name);
        foreach (var key in keys) bulk.Insert(BsonWriter.Document(w => WriteClaim(w, key, token, owner, session.Now)));
        var result = await session.ExecuteAsync(bulk, cancellationToken);
        foreach (var error in result.Errors)
        {
            if (error.Code != MongoError.DuplicateKey) throw session.Errors.OfServer(error.Code, error.Message);
        }
        if (result.Errors.Count == 0) return states;
        var known = await FindAsync(session, [.. result.Errors.Select(e => keys[e.Index])], cancellationToken);
        foreach (var error in result.Errors) states[error.Index] = await StateAsync(session, keys[error.Index], known.GetValueOrDefault(IdOf(keys[error.Index])), token, owner, cancellationToken);
        return states;
    }

    /// <summary>Keeps answers, and gives back the claims that have none.</summary>
    public static async Task KeepAsync(MongoSession session, IReadOnlyList<StoredAnswer> answers, IReadOnlyList<IdempotencyKey> unanswered, string token, CancellationToken cancellationToken)
    {
        using var bulk = session.NewBulk(Name);
        foreach (var (key, answer) in answers)
        {
            bulk.UpdateOne(
                BsonWriter.Document(w => WriteId(w, key)),
                BsonWriter.Document(w =>
                {
                    w.Begin("$set"u8);
                    w.Binary("hash"u8, key.Hash.Span);
                    w.Binary("answer"u8, answer.Span);
                    w.String("token"u8, token);
                    w.Date("expires_at"u8, session.Now + IdempotencyKey.KeptFor);
                    w.End();
                }),
                orInsert: true);
        }
        foreach (var key in unanswered) bulk.RemoveMany(Mine(key, token));
        var result = await session.ExecuteAsync(bulk, cancellationToken);
        if (result.Errors is [var error, ..]) throw session.Errors.OfServer(error.Code, error.Message);
    }

    /// <summary>True if the answer of a key is that of a transaction.</summary>
    public static async Task<bool> IsAnsweredAsync(MongoSession session, IdempotencyKey key, string token, CancellationToken cancellationToken) =>
        (await FindAsync(session, [key], cancellationToken)).GetValueOrDefault(IdOf(key)) is { } document
        && BsonReader.Find(document, "answer"u8).HasValue && string.Equals(BsonReader.Find(document, "token"u8).Text, token, StringComparison.Ordinal);

    /// <summary>Deletes answers whose time is over.</summary>
    public static async Task<long> PurgeAsync(MongoSession session, CancellationToken cancellationToken)
    {
        var old = await session.FindAsync(
            Name,
            w =>
            {
                w.Begin("expires_at"u8);
                w.Date("$lte"u8, session.Now);
                w.End();
            },
            static w =>
            {
                w.Begin("projection"u8);
                w.Int32("_id"u8, 1);
                w.End();
                w.Int64("limit"u8, MaxPurged);
            },
            cancellationToken);
        if (old.Count == 0) return 0;
        var now = session.Now;
        var result = await session.WriteAsync(
            Name,
            bulk => bulk.RemoveMany(BsonWriter.Document(w =>
            {
                WriteIn(w, old.ConvertAll(d => BsonReader.Find(d, "_id"u8).Value.ToArray()));
                w.Begin("expires_at"u8);
                w.Date("$lte"u8, now);
                w.End();
            })),
            cancellationToken);
        return result.Removed;
    }

    private static async Task<KeyState> StateAsync(MongoSession session, IdempotencyKey key, byte[]? known, string token, string owner, CancellationToken cancellationToken)
    {
        // It was given back a moment ago: whoever asks again finds out.
        if (known is null) return new KeyState(KeyStatus.InFlight);
        var expires = BsonReader.Find(known, "expires_at"u8);
        var answer = BsonReader.Find(known, "answer"u8);
        var isAbandoned = !answer.HasValue && BsonReader.Find(known, "owner"u8).Text is { } before && LeaseOwner.IsDead(before);
        if (expires.Time > session.Now && !isAbandoned)
        {
            if (!answer.HasValue) return new KeyState(KeyStatus.InFlight);
            return BsonReader.Find(known, "hash"u8).Bytes.SequenceEqual(key.Hash.Span) ? new KeyState(KeyStatus.Done, answer.Bytes.ToArray()) : new KeyState(KeyStatus.OtherPayload);
        }
        // Its time is over, or its process is dead: of several who see that, one gets it.
        var (whose, now) = (BsonReader.Find(known, "token"u8).Text ?? "", session.Now);
        var result = await session.WriteAsync(
            Name,
            bulk => bulk.UpdateOne(
                BsonWriter.Document(w =>
                {
                    WriteId(w, key);
                    w.String("token"u8, whose);
                }),
                BsonWriter.Document(w =>
                {
                    w.Begin("$set"u8);
                    w.Binary("hash"u8, key.Hash.Span);
                    w.String("token"u8, token);
                    w.String("owner"u8, owner);
                    w.Date("expires_at"u8, now + ClaimedFor);
                    w.End();
                    w.Begin("$unset"u8);
                    w.Int32("answer"u8, 1);
                    w.End();
                }),
                orInsert: false),
            cancellationToken);
        return new KeyState(result.Matched == 1 ? KeyStatus.New : KeyStatus.InFlight);
    }

    private static async Task<Dictionary<string, byte[]>> FindAsync(MongoSession session, IReadOnlyList<IdempotencyKey> keys, CancellationToken cancellationToken)
    {
        var ids = keys.Select(k => BsonReader.Find(BsonWriter.Document(w => WriteId(w, k)), "_id"u8).Value.ToArray()).ToList();
        var documents = await session.FindAsync(Name, w => WriteIn(w, ids), static w => w.Int32("batchSize"u8, 1000), cancellationToken);
        return documents.ToDictionary(d => Convert.ToHexString(BsonReader.Find(d, "_id"u8).Value), StringComparer.Ordinal);
    }

    private static string IdOf(IdempotencyKey key) => Convert.ToHexString(BsonReader.Find(BsonWriter.Document(w => WriteId(w, key)), "_id"u8).Value);

    private static byte[] Mine(IdempotencyKey key, string token) => BsonWriter.Document(w =>
    {
        WriteId(w, key);
        w.String("token"u8, token);
        w.Null("answer"u8);
    });

    private static void WriteIn(BsonWriter writer, List<byte[]> ids) => writer.In("_id"u8, ids, static (w, name, id) => w.Raw(name, BsonType.Document, id));

    private static void WriteId(BsonWriter writer, IdempotencyKey key)
    {
        writer.Begin("_id"u8);
        writer.String("scope"u8, key.Scope);
        writer.String("key"u8, key.Key);
        writer.Int32("part"u8, key.Part);
        writer.End();
    }

    private static void WriteClaim(BsonWriter writer, IdempotencyKey key, string token, string owner, DateTimeOffset now)
    {
        WriteId(writer, key);
        writer.Binary("hash"u8, key.Hash.Span);
        writer.String("token"u8, token);
        writer.String("owner"u8, owner);
        writer.Date("expires_at"u8, now + ClaimedFor);
    }
}
