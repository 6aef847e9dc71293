using Tidemark.MongoDb.Bson;

namespace Tidemark.MongoDb.Native;

/// <summary>What became of the writes of a bulk.</summary>
internal sealed record BulkResult
{
    /// <summary>Documents that an update has found.</summary>
    public long Matched { get; init; }

    /// <summary>Those of them that it has changed.</summary>
    public long Modified { get; init; }

    /// <summary>Documents that were removed.</summary>
    public long Removed { get; init; }

    /// <summary>Updates that have inserted a document, by their numbers in the bulk.</summary>
    public List<int> Upserted { get; } = [];

    /// <summary>What was refused.</summary>
    public List<WriteError> Errors { get; } = [];

    /// <summary>Reads the driver's reply.</summary>
    public static BulkResult Of(ReadOnlySpan<byte> reply)
    {
        var result = new BulkResult
        {
            Matched = BsonReader.Find(reply, "nMatched"u8).Integer,
            Modified = BsonReader.Find(reply, "nModified"u8).Integer,
            Removed = BsonReader.Find(reply, "nRemoved"u8).Integer,
        };
        var upserted = new BsonReader(BsonReader.Find(reply, "upserted"u8).Value);
        while (upserted.Next()) result.Upserted.Add((int)BsonReader.Find(upserted.Current.Value, "index"u8).Integer);
        var errors = new BsonReader(BsonReader.Find(reply, "writeErrors"u8).Value);
        while (errors.Next())
        {
            var error = errors.Current.Value;
            result.Errors.Add(new WriteError((int)BsonReader.Find(error, "index"u8).Integer, (int)BsonReader.Find(error, "code"u8).Integer, BsonReader.Find(error, "errmsg"u8).Text ?? ""));
        }
        return result;
    }
}
