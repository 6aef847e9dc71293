using System.Collections.Concurrent;
using System.Text;
using Tidemark.Checkpoints;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;
using Tidemark.Records;
using Tidemark.Scanning;

namespace Tidemark.MongoDb.Tests.Support;

/// <summary>A database of its own, a destination on it whose commands are counted, and a way to look at it as somebody else.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly Tidemark.MongoDb.Native.MongoServer _way;

    public Bench(Tidemark.Tests.Shared.MongoServer server)
    {
        Url = server.CreateDatabase();
        Destination = new MongoDbDestination { Url = new Secret(Url), OnCommand = _commands.Enqueue }.Open(new DestinationServices { CompareCursors = CursorKinds.Compare });
        _way = new Tidemark.MongoDb.Native.MongoServer(MongoUrl.Parse(Url));
    }

    public string Url { get; }

    public IDestination Destination { get; }

    /// <summary>The commands that the destination has sent since the last call, as the driver tells it.</summary>
    public IReadOnlyList<string> TakeCommands()
    {
        var taken = new List<string>();
        while (_commands.TryDequeue(out var command)) taken.Add(command);
        return taken;
    }

    public static StreamTarget Target(string table = "t", string? key = "id", string? cursor = null) => new()
    {
        PipelineName = "p",
        Stream = table,
        Table = table,
        Disposition = key is null ? WriteDisposition.Append : WriteDisposition.Merge,
        Schema = new BatchSchema { PrimaryKey = key?.Split(',') ?? [] },
        CursorField = cursor,
    };

    public static RecordBatch Batch(StreamTarget target, params IEnumerable<string> records)
    {
        var batch = new RecordBatch(target.Schema);
        foreach (var record in records) batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        return batch;
    }

    /// <summary>Writes one batch and commits it.</summary>
    public static async Task<WriteCounts> WriteAsync(IStreamWriter writer, StreamTarget target, params IEnumerable<string> records)
    {
        using var batch = Batch(target, records);
        await using var transaction = await writer.BeginAsync(default);
        var counts = await transaction.WriteAsync(batch, 0, batch.Count, default);
        await transaction.CommitAsync(Checkpoint.None, default);
        return counts;
    }

    /// <summary>Writes one batch and commits it, with a writer of its own.</summary>
    public async Task<WriteCounts> WriteAsync(StreamTarget target, params IEnumerable<string> records)
    {
        await using var writer = await Destination.OpenAsync(target, default);
        return await WriteAsync(writer, target, records);
    }

    /// <summary>Puts documents in as somebody else.</summary>
    public async Task InsertAsync(string collection, params IReadOnlyList<Action<BsonWriter>> documents)
    {
        await using var session = await _way.ConnectAsync(default);
        await session.WriteAsync(collection, bulk =>
        {
            foreach (var document in documents) bulk.Insert(BsonWriter.Document(document));
        }, default);
    }

    /// <summary>Lets all leases expire, as if their holders had stood still for long.</summary>
    public async Task ExpireAsync()
    {
        await using var session = await _way.ConnectAsync(default);
        await session.WriteAsync("_tidemark_checkpoints", static bulk => bulk.UpdateMany(BsonWriter.Document(static _ => { }), BsonWriter.Document(static w =>
        {
            w.Begin("$set"u8);
            w.Date("expires_at"u8, 1);
            w.End();
        })), default);
    }

    /// <summary>The documents of a collection as JSON, in order of their text; without an <c>_id</c> of ours.</summary>
    public async Task<string[]> DocumentsAsync(string collection = "t")
    {
        await using var session = await _way.ConnectAsync(default);
        var documents = await session.FindAsync(collection, static _ => { }, static w =>
        {
            w.Begin("projection"u8);
            w.Int32("_id"u8, 0);
            w.End();
        }, default);
        return [.. documents.Select(d => Encoding.UTF8.GetString(BsonText.JsonOf(d))).Order(StringComparer.Ordinal)];
    }

    /// <summary>The types of a document's fields.</summary>
    public async Task<Dictionary<string, BsonType>> TypesAsync(string collection = "t")
    {
        await using var session = await _way.ConnectAsync(default);
        var types = new Dictionary<string, BsonType>(StringComparer.Ordinal);
        var reader = new BsonReader((await session.FindAsync(collection, static _ => { }, options: null, default)).Single());
        while (reader.Next()) types[Encoding.UTF8.GetString(reader.Current.Name)] = reader.Current.Type;
        return types;
    }

    public async Task<long> CountAsync(string collection = "t")
    {
        await using var session = await _way.ConnectAsync(default);
        return await session.CountAsync(collection, default);
    }

    public async ValueTask DisposeAsync()
    {
        await Destination.DisposeAsync();
        await _way.DisposeAsync();
    }
}
