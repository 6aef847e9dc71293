using System.Globalization;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Leases;

/// <summary>Checkpoints, in the database whose documents they cover, a document a stream or slice. They are written after what they cover.</summary>
internal static class CheckpointCollection
{
    /// <summary>Its name.</summary>
    public const string Name = "_tidemark_checkpoints";

    /// <summary>Writes which document is a stream's.</summary>
    public static void WriteId(BsonWriter writer, string pipeline, string stream, string slice)
    {
        writer.Begin("_id"u8);
        writer.String("pipeline"u8, pipeline);
        writer.String("stream"u8, stream);
        writer.String("slice"u8, slice);
        writer.End();
    }

    /// <summary>Makes the document of a stream, if it is missing.</summary>
    public static async Task EnsureAsync(MongoSession session, string pipeline, string stream, string slice, CancellationToken cancellationToken)
    {
        try
        {
            await session.WriteAsync(Name, bulk => bulk.UpdateOne(
                BsonWriter.Document(w => WriteId(w, pipeline, stream, slice)),
                BsonWriter.Document(w =>
                {
                    w.Begin("$setOnInsert"u8);
                    w.String("pipeline"u8, pipeline);
                    w.String("stream"u8, stream);
                    w.String("slice"u8, slice);
                    w.Int64("epoch"u8, 0);
                    w.Int64("commits"u8, 0);
                    w.Int64("generation"u8, 0);
                    w.Int64("batch_no"u8, 0);
                    w.Date("expires_at"u8, DateTimeOffset.UnixEpoch);
                    // What is told apart by it is no secret.
                    w.String("nonce"u8, Guid.NewGuid().ToString("n"));
                    w.Boolean("complete"u8, false);
                    w.End();
                }),
                orInsert: true), cancellationToken);
        }
        catch (MongoError e) when (e.Code == MongoError.DuplicateKey)
        {
            // One who was faster has made it.
        }
    }

    /// <summary>The document of a stream, or of a slice of it; null if there is none.</summary>
    public static async Task<byte[]?> FindAsync(MongoSession session, string pipeline, string stream, string slice, CancellationToken cancellationToken) =>
        (await session.FindAsync(Name, w => WriteId(w, pipeline, stream, slice), static w => w.Int64("limit"u8, 1), cancellationToken)).FirstOrDefault();

    /// <summary>The documents of all streams of a pipeline, or of all slices of a stream.</summary>
    public static Task<List<byte[]>> FindAllAsync(MongoSession session, string pipeline, string? stream, CancellationToken cancellationToken) => session.FindAsync(
        Name,
        w =>
        {
            w.String("pipeline"u8, pipeline);
            if (stream is not null) w.String("stream"u8, stream);
        },
        static w =>
        {
            w.Begin("sort"u8);
            w.Int32("stream"u8, 1);
            w.End();
        },
        cancellationToken);

    /// <summary>Writes what a stream has reached.</summary>
    public static void Write(BsonWriter writer, Checkpoint checkpoint)
    {
        writer.StringOrNull("watermark"u8, checkpoint.Watermark);
        writer.StringOrNull("last_success"u8, checkpoint.LastSuccess?.ToString("O", CultureInfo.InvariantCulture));
        writer.StringOrNull("resume"u8, checkpoint.Resume);
        writer.StringOrNull("boundary"u8, checkpoint.Boundary);
        writer.Boolean("complete"u8, checkpoint.Complete);
        if (checkpoint.LastFullRead is { } read) writer.Int64("last_full_read"u8, read);
        else writer.Null("last_full_read"u8);
        writer.Int64("batch_no"u8, checkpoint.BatchNumber);
    }

    /// <summary>What a stream has reached.</summary>
    public static Checkpoint Of(ReadOnlySpan<byte> document) => new()
    {
        Watermark = BsonReader.Find(document, "watermark"u8).Text,
        LastSuccess = BsonReader.Find(document, "last_success"u8).Text is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null,
        Resume = BsonReader.Find(document, "resume"u8).Text,
        Boundary = BsonReader.Find(document, "boundary"u8).Text,
        Complete = BsonReader.Find(document, "complete"u8).IsTrue,
        LastFullRead = BsonReader.Find(document, "last_full_read"u8).IntegerOrNull,
        BatchNumber = BsonReader.Find(document, "batch_no"u8).Integer,
    };

    /// <summary>Moves the position of a stream's inbox; false if it does not stand where it is expected to.</summary>
    public static async Task<bool> TryMoveAsync(MongoSession session, SharedPosition position, CancellationToken cancellationToken)
    {
        var result = await session.WriteAsync(
            Name,
            bulk => bulk.UpdateOne(
                BsonWriter.Document(w =>
                {
                    WriteId(w, position.PipelineName, position.Stream, SharedPosition.Slice);
                    w.Int64("batch_no"u8, position.Expected);
                }),
                BsonWriter.Document(w =>
                {
                    w.Begin("$set"u8);
                    w.Int64("batch_no"u8, position.Next);
                    w.End();
                }),
                orInsert: false),
            cancellationToken);
        return result.Matched == 1;
    }

    /// <summary>How far a stream's inbox is delivered.</summary>
    public static async Task<long> ReadPositionAsync(MongoSession session, string pipeline, string stream, CancellationToken cancellationToken) =>
        await FindAsync(session, pipeline, stream, SharedPosition.Slice, cancellationToken) is { } document ? BsonReader.Find(document, "batch_no"u8).Integer : 0;
}
