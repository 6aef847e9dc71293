using System.Text;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Collections;

/// <summary>Indexes: those that are there, and those that a stream needs.</summary>
internal static class CollectionIndexes
{
    private const int MaxNamed = 3;

    /// <summary>The indexes of a collection, that of <c>_id</c> included; partial ones and those that are not of plain fields excepted. Empty if there is none.</summary>
    public static async Task<IReadOnlyList<IndexDescription>> ReadAsync(MongoSession session, string collection, CancellationToken cancellationToken)
    {
        byte[] answer;
        try
        {
            answer = await session.CommandAsync(
                BsonWriter.Document(w =>
                {
                    w.String("listIndexes"u8, collection);
                    w.Begin("cursor"u8);
                    w.Int32("batchSize"u8, 1000);
                    w.End();
                }),
                cancellationToken);
        }
        catch (MongoError e) when (e.Code == MongoError.NamespaceNotFound)
        {
            return [];
        }
        var indexes = new List<IndexDescription>();
        var reader = new BsonReader(BsonReader.Find(BsonReader.Find(answer, "cursor"u8).Value, "firstBatch"u8).Value);
        while (reader.Next())
        {
            if (Of(reader.Current.Value) is { } index) indexes.Add(index);
        }
        return indexes;
    }

    /// <summary>Makes an index, unless one over the same fields does; the collection is made with it.</summary>
    /// <param name="session">The session.</param>
    /// <param name="collection">The collection.</param>
    /// <param name="index">The index.</param>
    /// <param name="known">Those that are there.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Its name; null if one is there.</returns>
    /// <exception cref="DestinationException">Documents that are there do not allow it; the message names some.</exception>
    public static async Task<string?> EnsureAsync(MongoSession session, string collection, TableIndex index, IReadOnlyList<IndexDescription> known, CancellationToken cancellationToken)
    {
        var same = known.Where(k => index.Unique ? k.Columns.ToHashSet(StringComparer.Ordinal).SetEquals(index.Columns) : k.Columns.SequenceEqual(index.Columns, StringComparer.Ordinal));
        if (same.Any(k => k.Unique || !index.Unique || k.Columns is ["_id"])) return null;
        var name = string.Join('_', index.Columns.Select(c => c + "_1")) + (known.Any(k => k.Columns.SequenceEqual(index.Columns, StringComparer.Ordinal)) ? "_unique" : "");
        try
        {
            await session.WriteCommandAsync(Command(collection, index, name), cancellationToken);
            return name;
        }
        catch (MongoError e) when (e.Code == MongoError.DuplicateKey)
        {
            throw await BrokenAsync(session, collection, index, cancellationToken);
        }
    }

    private static byte[] Command(string collection, TableIndex index, string name) => BsonWriter.Document(w =>
    {
        w.String("createIndexes"u8, collection);
        w.BeginArray("indexes"u8);
        w.Begin("0"u8);
        w.Begin("key"u8);
        foreach (var column in index.Columns) w.Int32(Encoding.UTF8.GetBytes(column), 1);
        w.End();
        w.String("name"u8, name);
        if (index.Unique) w.Boolean("unique"u8, true);
        w.End();
        w.End();
    });

    private static IndexDescription? Of(ReadOnlySpan<byte> index)
    {
        if (BsonReader.Find(index, "partialFilterExpression"u8).HasValue || BsonReader.Find(index, "sparse"u8).IsTrue || BsonReader.Find(index, "collation"u8).HasValue) return null;
        var columns = new List<string>();
        var keys = new BsonReader(BsonReader.Find(index, "key"u8).Value);
        while (keys.Next())
        {
            // Text, hashes, places on a map.
            if (keys.Current.Type == BsonType.String) return null;
            columns.Add(Encoding.UTF8.GetString(keys.Current.Name));
        }
        return new IndexDescription(BsonReader.Find(index, "name"u8).Text ?? "", columns, columns is ["_id"] || BsonReader.Find(index, "unique"u8).IsTrue);
    }

    private static async Task<DestinationException> BrokenAsync(MongoSession session, string collection, TableIndex index, CancellationToken cancellationToken)
    {
        var twice = await session.AggregateAsync(
            collection, cancellationToken,
            w =>
            {
                w.Begin("$group"u8);
                w.Begin("_id"u8);
                for (var i = 0; i < index.Columns.Count; i++) w.String(Encoding.UTF8.GetBytes($"k{i}"), "$" + index.Columns[i]);
                w.End();
                w.Begin("n"u8);
                w.Int32("$sum"u8, 1);
                w.End();
                w.End();
            },
            w =>
            {
                w.Begin("$match"u8);
                w.Begin("n"u8);
                w.Int32("$gt"u8, 1);
                w.End();
                w.End();
            },
            w => w.Int32("$limit"u8, MaxNamed));
        var keys = twice.Select(d => $"{KeyText(d, index)} ({BsonReader.Find(d, "n"u8).Integer} documents)");
        return new DestinationException(DestinationFault.Fatal,
            $"'{collection}' needs a unique index over ({string.Join(", ", index.Columns)}), but documents that are there have the same values: {string.Join("; ", keys)}. Nothing was written: remove or mend them, or name another key");
    }

    private static string KeyText(byte[] group, TableIndex index)
    {
        var id = BsonReader.Find(group, "_id"u8).Value;
        var texts = new List<string>();
        for (var i = 0; i < index.Columns.Count; i++) texts.Add($"{index.Columns[i]}={BsonText.Of(BsonReader.Find(id, Encoding.UTF8.GetBytes($"k{i}"))) ?? "null"}");
        return string.Join(", ", texts);
    }
}
