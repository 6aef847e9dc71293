using System.Security.Cryptography;
using System.Text;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;
using Tidemark.Records;

namespace Tidemark.MongoDb.Writing;

/// <summary>The keys that an unfinished full scan has carried, in a collection of ours beside the stream's.</summary>
internal static class SeenKeys
{
    private const int ChunkSize = 5000;

    /// <summary>Adds the keys of some records.</summary>
    public static async Task AddAsync(MongoSession session, string collection, RecordBatch batch, int start, int count, IReadOnlyList<string> keyFields, IReadOnlySet<int> refused, CancellationToken cancellationToken)
    {
        if (count == 0) return;
        var key = new KeyEncoder(batch, keyFields);
        using var bulk = session.NewBulk(collection);
        for (var record = start; record < start + count; record++)
        {
            if (IdentityOf(key, record) is not { } identity) continue;
            bulk.UpdateOne(
                BsonWriter.Document(w => w.String("_id"u8, identity)),
                BsonWriter.Document(w =>
                {
                    w.Begin("$setOnInsert"u8);
                    w.Boolean("failed"u8, refused.Contains(record));
                    w.End();
                }),
                orInsert: true);
        }
        var result = await session.ExecuteAsync(bulk, cancellationToken);
        if (result.Errors.Find(e => e.Code != MongoError.DuplicateKey) is { Code: > 0 } error) throw session.Errors.OfServer(error.Code, error.Message);
    }

    /// <summary>How many keys there are, and how many of them are keys of refused records.</summary>
    public static async Task<(long All, long Failed)> CountAsync(MongoSession session, string collection, CancellationToken cancellationToken)
    {
        var failed = await session.FindAsync(collection, static w => w.Boolean("failed"u8, true), OnlyId, cancellationToken);
        return (await session.CountAsync(collection, cancellationToken), failed.Count);
    }

    /// <summary>The documents of a collection whose key was not seen: the <c>_id</c> of each, in a document.</summary>
    /// <param name="session">The session.</param>
    /// <param name="collection">The stream's collection.</param>
    /// <param name="seen">The keys.</param>
    /// <param name="keyFields">The primary key.</param>
    /// <param name="onlyUnmarked">True to look at those only that are not marked as deleted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many were looked at, and those that were not seen.</returns>
    public static async Task<(long Rows, List<byte[]> Unseen)> FindUnseenAsync(
        MongoSession session, string collection, string seen, IReadOnlyList<string> keyFields, bool onlyUnmarked, CancellationToken cancellationToken)
    {
        var unseen = new List<byte[]>();
        var rows = 0L;
        await foreach (var chunk in session.ReadAsync(collection, w => WriteFilter(w, onlyUnmarked), w => WriteOptions(w, keyFields), ChunkSize, cancellationToken))
        {
            rows += chunk.Count;
            var identities = chunk.ConvertAll(d => IdentityOf(keyFields, d));
            var found = await session.FindAsync(seen, w => w.In("_id"u8, identities, static (writer, name, identity) => writer.String(name, identity)), OnlyId, cancellationToken);
            var known = found.Select(d => BsonReader.Find(d, "_id"u8).Text!).ToHashSet(StringComparer.Ordinal);
            for (var i = 0; i < chunk.Count; i++)
            {
                if (!known.Contains(identities[i])) unseen.Add(BsonWriter.Document(w => w.Copy("_id"u8, chunk[i], "_id"u8)));
            }
        }
        return (rows, unseen);
    }

    /// <summary>Writes a filter on some documents by their <c>_id</c>.</summary>
    public static void WriteIds(BsonWriter writer, IReadOnlyList<byte[]> documents)
    {
        writer.In("_id"u8, documents, static (w, name, document) => w.Copy(name, document, "_id"u8));
    }

    /// <summary>Writes the options of a look at keys: nothing else comes with them.</summary>
    public static void WriteOptions(BsonWriter writer, IReadOnlyList<string> keyFields)
    {
        writer.Begin("projection"u8);
        foreach (var field in keyFields.Where(f => f != "_id")) writer.Int32(Encoding.UTF8.GetBytes(field), 1);
        writer.Int32("_id"u8, 1);
        writer.End();
        writer.Int32("batchSize"u8, ChunkSize);
    }

    /// <summary>The key of a document, as it is seen.</summary>
    public static string IdentityOf(IReadOnlyList<string> keyFields, byte[] document)
    {
        var text = new StringBuilder();
        foreach (var field in keyFields) text.Append(KeyEncoder.IdentityOf(BsonReader.Find(document, Encoding.UTF8.GetBytes(field)))).Append('\0');
        return Short(text.ToString());
    }

    private static void OnlyId(BsonWriter writer)
    {
        writer.Begin("projection"u8);
        writer.Int32("_id"u8, 1);
        writer.End();
        writer.Int32("batchSize"u8, ChunkSize + 1);
    }

    private static string? IdentityOf(KeyEncoder key, int record)
    {
        string? wrong = null;
        var document = BsonWriter.Document(w => wrong = key.Write(w, record));
        return wrong is null ? Short(key.IdentityOf(document)) : null;
    }

    // Keys may be longer than an index of MongoDB's likes.
    private static string Short(string identity) =>
        identity.Length <= 100 ? identity : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));

    private static void WriteFilter(BsonWriter writer, bool onlyUnmarked)
    {
        if (onlyUnmarked) writer.Null(MergeOptions.DeletedAt);
    }
}
