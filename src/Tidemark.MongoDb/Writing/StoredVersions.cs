using System.Text;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Writing;

/// <summary>Reads the versions of documents that records are about to meet: which of two is newer, the engine knows better than MongoDB.</summary>
internal static class StoredVersions
{
    // So many alternatives are one filter.
    private const int MaxAlternatives = 500;

    /// <summary>The versions of the documents with some keys, by their identity.</summary>
    /// <param name="session">The session.</param>
    /// <param name="collection">Where.</param>
    /// <param name="key">The key.</param>
    /// <param name="records">The records that have the keys.</param>
    /// <param name="cursorField">What orders versions.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Dictionary<string, StoredVersion>> ReadAsync(
        MongoSession session, string collection, KeyEncoder key, IReadOnlyList<int> records, string cursorField, CancellationToken cancellationToken)
    {
        var cursor = Encoding.UTF8.GetBytes(cursorField);
        var versions = new Dictionary<string, StoredVersion>(StringComparer.Ordinal);
        var keys = KeysOf(key, records);
        foreach (var chunk in keys.Chunk(key.Names.Count == 1 ? keys.Count + 1 : MaxAlternatives))
        {
            foreach (var document in await session.FindAsync(collection, w => WriteFilter(w, key, chunk), w => WriteOptions(w, key, cursor, chunk.Length), cancellationToken))
            {
                var value = BsonReader.Find(document, cursor);
                versions[key.IdentityOf(document)] = new StoredVersion(value.Type, value.Value.ToArray(), BsonText.Of(value), BsonReader.Find(document, MergeOptions.DeletedAt).HasValue);
            }
        }
        return versions;
    }

    // A record whose key can't be written is refused later.
    private static List<byte[]> KeysOf(KeyEncoder key, IReadOnlyList<int> records)
    {
        var keys = new List<byte[]>(records.Count);
        using var writer = new BsonWriter();
        foreach (var record in records)
        {
            writer.Clear();
            writer.Begin();
            if (key.Write(writer, record) is not null) continue;
            writer.End();
            keys.Add(writer.Written.ToArray());
        }
        return keys;
    }

    private static void WriteFilter(BsonWriter writer, KeyEncoder key, byte[][] keys)
    {
        if (key.Names is [var only]) writer.In(only, keys, (w, name, document) => w.Copy(name, document, only));
        else writer.List("$or"u8, keys, static (w, name, document) => w.Raw(name, BsonType.Document, document));
    }

    private static void WriteOptions(BsonWriter writer, KeyEncoder key, byte[] cursor, int count)
    {
        writer.Begin("projection"u8);
        foreach (var name in key.Names) writer.Int32(name, 1);
        if (!key.Names.Any(n => n.AsSpan().SequenceEqual("_id"u8))) writer.Int32("_id"u8, 0);
        if (!key.Names.Any(n => n.AsSpan().SequenceEqual(cursor))) writer.Int32(cursor, 1);
        writer.Int32(MergeOptions.DeletedAt, 1);
        writer.End();
        writer.Int32("batchSize"u8, count + 1);
    }
}
