using System.Text;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;
using Tidemark.Records;

namespace Tidemark.MongoDb.Collections;

/// <summary>The collection of ours that remembers which fields came to a collection, and of what type: <c>_tidemark_columns</c>.</summary>
internal static class ColumnCollection
{
    /// <summary>Its name.</summary>
    public const string Name = "_tidemark_columns";

    /// <summary>How the names of ours begin.</summary>
    public const string Prefix = "_tidemark_";

    private const int Sampled = 1000;

    private static readonly string[] Types = [.. Enum.GetValues<ColumnType>().Select(t => t.ToString().ToLowerInvariant())];

    /// <summary>The fields of a collection that were written, and their types.</summary>
    public static async Task<Dictionary<string, ColumnType>> ReadAsync(MongoSession session, string collection, CancellationToken cancellationToken)
    {
        var documents = await session.FindAsync(Name, w => w.String("collection"u8, collection), options: null, cancellationToken);
        return documents.ToDictionary(d => BsonReader.Find(d, "field"u8).Text!, d => TypeOf(BsonReader.Find(d, "type"u8).Text) ?? ColumnType.Text, StringComparer.Ordinal);
    }

    /// <summary>Remembers fields. Several may do it at once: the last one's types stay.</summary>
    public static async Task WriteAsync(MongoSession session, string collection, IReadOnlyCollection<KeyValuePair<string, ColumnType>> fields, CancellationToken cancellationToken)
    {
        if (fields.Count == 0) return;
        using var bulk = session.NewBulk(Name);
        foreach (var (field, type) in fields)
        {
            bulk.UpdateOne(
                BsonWriter.Document(w =>
                {
                    w.Begin("_id"u8);
                    w.String("collection"u8, collection);
                    w.String("field"u8, field);
                    w.End();
                }),
                BsonWriter.Document(w =>
                {
                    w.Begin("$set"u8);
                    w.String("collection"u8, collection);
                    w.String("field"u8, field);
                    w.String("type"u8, Types[(int)type]);
                    w.End();
                }),
                orInsert: true);
        }
        // One who was faster has inserted the same.
        var result = await session.ExecuteAsync(bulk, cancellationToken);
        if (result.Errors.Exists(e => e.Code is not (MongoError.DuplicateKey or MongoError.WriteConflict))) throw session.Errors.OfServer(result.Errors[0].Code, result.Errors[0].Message);
    }

    /// <summary>The fields that some documents of a collection have, ours excepted: of one that somebody else has filled.</summary>
    public static async Task<Dictionary<string, ColumnType>> SampleAsync(MongoSession session, string collection, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, ColumnType>(StringComparer.Ordinal);
        foreach (var document in await session.FindAsync(collection, static _ => { }, static w => w.Int64("limit"u8, Sampled), cancellationToken))
        {
            var reader = new BsonReader(document);
            while (reader.Next())
            {
                var name = Encoding.UTF8.GetString(reader.Current.Name);
                if (name.StartsWith(Prefix, StringComparison.Ordinal) || (name == "_id" && reader.Current.Type == BsonType.ObjectId)) continue;
                if (TypeOf(reader.Current) is { } type) fields[name] = fields.TryGetValue(name, out var before) ? ColumnTypes.Widen(before, type) : type;
            }
        }
        return fields;
    }

    /// <summary>The type that a stored value stands for; null: none.</summary>
    public static ColumnType? TypeOf(in BsonElement element) => element.Type switch
    {
        BsonType.Boolean => ColumnType.Boolean,
        BsonType.Int32 or BsonType.Int64 => ColumnType.Bigint,
        BsonType.Double => ColumnType.Double,
        BsonType.Decimal128 => ColumnType.Decimal,
        BsonType.String or BsonType.ObjectId => ColumnType.Text,
        BsonType.Date => ColumnType.Timestamp,
        BsonType.Document or BsonType.Array => ColumnType.Json,
        BsonType.Binary => ColumnType.Bytes,
        _ => null,
    };

    /// <summary>A type as MongoDB calls it.</summary>
    public static string MongoName(ColumnType type) => type switch
    {
        ColumnType.Boolean => "bool",
        ColumnType.Bigint => "long",
        ColumnType.Decimal => "decimal",
        ColumnType.Double => "double",
        ColumnType.Timestamp or ColumnType.Date => "date",
        ColumnType.Json => "object",
        ColumnType.Bytes => "binData",
        _ => "string",
    };

    private static ColumnType? TypeOf(string? name) => Array.IndexOf(Types, name) is >= 0 and var i ? (ColumnType)i : null;
}
