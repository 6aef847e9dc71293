using System.Text;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Leases;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Writing;

/// <summary>Records that wait: parents whose children have not been read.</summary>
/// <remarks>An item has its identity from the scope of the commit that it belongs to, so that a repeat is harmless and what was never committed can be taken away. Its number comes from a counter.</remarks>
internal static class QueueCollection
{
    /// <summary>Its name.</summary>
    public const string Name = "_tidemark_queue";

    private const int MaxAttempts = 100;

    /// <summary>Puts items into a queue.</summary>
    public static async Task EnqueueAsync(MongoSession session, AppendScope scope, string queue, IReadOnlyList<ReadOnlyMemory<byte>> items, CancellationToken cancellationToken)
    {
        var number = await TakeNumbersAsync(session, queue, items.Count, cancellationToken);
        using var bulk = session.NewBulk(Name);
        var id = new byte[AppendScope.IdLength];
        foreach (var item in items)
        {
            number++;
            scope.NextId([.. Encoding.UTF8.GetBytes(queue), 0, .. item.Span], id);
            bulk.Insert(BsonWriter.Document(w =>
            {
                w.String("_id"u8, id);
                w.String("queue"u8, queue);
                w.Int64("number"u8, number);
                w.String("payload"u8, item.Span);
            }));
        }
        var result = await session.ExecuteAsync(bulk, cancellationToken);
        if (result.Errors.Find(e => e.Code != MongoError.DuplicateKey) is { Code: > 0 } error) throw session.Errors.OfServer(error.Code, error.Message);
    }

    /// <summary>Takes items out of a queue.</summary>
    public static Task DequeueAsync(MongoSession session, string queue, long through, CancellationToken cancellationToken) => session.WriteAsync(
        Name,
        bulk => bulk.RemoveMany(BsonWriter.Document(w =>
        {
            w.String("queue"u8, queue);
            w.Begin("number"u8);
            w.Int64("$lte"u8, through);
            w.End();
        })),
        cancellationToken);

    /// <summary>Items that wait, oldest first.</summary>
    public static async Task<List<QueueItem>> PeekAsync(MongoSession session, string queue, long after, int count, CancellationToken cancellationToken)
    {
        var documents = await session.FindAsync(
            Name,
            w =>
            {
                w.String("queue"u8, queue);
                w.Begin("number"u8);
                w.Int64("$gt"u8, after);
                w.End();
            },
            w =>
            {
                w.Begin("sort"u8);
                w.Int32("number"u8, 1);
                w.End();
                w.Int64("limit"u8, count);
            },
            cancellationToken);
        return documents.ConvertAll(d => new QueueItem(BsonReader.Find(d, "number"u8).Integer, BsonReader.Find(d, "payload"u8).Utf8.ToArray()));
    }

    // A counter that several may move at once: whoever finds it moved looks again. The first number is the next one.
    private static async Task<long> TakeNumbersAsync(MongoSession session, string queue, int count, CancellationToken cancellationToken)
    {
        var id = BsonWriter.Document(w => w.String("_id"u8, "counter " + queue));
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var found = (await session.FindAsync(Name, w => w.String("_id"u8, "counter " + queue), options: null, cancellationToken)).FirstOrDefault();
            var last = found is null ? 0 : BsonReader.Find(found, "last"u8).Integer;
            using var bulk = session.NewBulk(Name);
            var counter = BsonWriter.Document(w =>
            {
                w.RawElements(id.AsSpan(sizeof(int), id.Length - sizeof(int) - 1));
                if (found is not null) w.Int64("last"u8, last);
            });
            if (found is null) bulk.Insert(BsonWriter.Document(w =>
            {
                w.RawElements(id.AsSpan(sizeof(int), id.Length - sizeof(int) - 1));
                w.Int64("last"u8, count);
            }));
            else bulk.UpdateOne(counter, BsonWriter.Document(w =>
            {
                w.Begin("$set"u8);
                w.Int64("last"u8, last + count);
                w.End();
            }), orInsert: false);
            var result = await session.ExecuteAsync(bulk, cancellationToken);
            if (result.Errors is [] && (found is null || result.Matched == 1)) return last;
        }
        throw new MongoError(DestinationFault.Temporary, MongoError.WriteConflict, $"{session.Errors.Name}: the queue '{queue}' gets items faster than they can be numbered");
    }
}
