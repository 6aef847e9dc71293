using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Collections;

/// <summary>A collection that is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">What tells it from one of the same name that was there before; empty: the server does not say.</param>
/// <param name="IsView">True if it is a view.</param>
internal sealed record CollectionInfo(string Name, string Id, bool IsView)
{
    /// <summary>Looks for a collection; null if there is none.</summary>
    /// <exception cref="DestinationException">There is a view of this name.</exception>
    public static async Task<CollectionInfo?> FindAsync(MongoSession session, string name, CancellationToken cancellationToken)
    {
        var all = await ListAsync(session, w => w.String("name"u8, name), cancellationToken);
        var found = all.Find(c => string.Equals(c.Name, name, StringComparison.Ordinal));
        return found is { IsView: true } ? throw new DestinationException(DestinationFault.Fatal, $"'{name}' is a view, and can't be written: name a collection") : found;
    }

    /// <summary>The names that begin so.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(MongoSession session, string prefix, CancellationToken cancellationToken) =>
        [.. (await ListAsync(session, static _ => { }, cancellationToken)).Select(c => c.Name).Where(n => n.StartsWith(prefix, StringComparison.Ordinal))];

    private static async Task<List<CollectionInfo>> ListAsync(MongoSession session, Action<BsonWriter> filter, CancellationToken cancellationToken)
    {
        var found = new List<CollectionInfo>();
        var answer = await session.CommandAsync(
            BsonWriter.Document(w =>
            {
                w.Int32("listCollections"u8, 1);
                w.Begin("filter"u8);
                filter(w);
                w.End();
                // All of them come at once: there is no second page to ask for.
                w.Begin("cursor"u8);
                w.Int32("batchSize"u8, 100_000);
                w.End();
            }),
            cancellationToken);
        var reader = new BsonReader(BsonReader.Find(BsonReader.Find(answer, "cursor"u8).Value, "firstBatch"u8).Value);
        while (reader.Next())
        {
            var collection = reader.Current.Value;
            var name = BsonReader.Find(collection, "name"u8).Text!;
            found.Add(new CollectionInfo(name, Convert.ToHexStringLower(BsonReader.Find(BsonReader.Find(collection, "info"u8).Value, "uuid"u8).Bytes), BsonReader.Find(collection, "type"u8).Text is "view"));
        }
        return found;
    }
}
