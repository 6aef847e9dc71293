using System.Text;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Collections;
using Tidemark.MongoDb.Leases;
using Tidemark.MongoDb.Native;
using Tidemark.MongoDb.Sharing;
using Tidemark.MongoDb.Writing;

namespace Tidemark.MongoDb;

/// <summary>A MongoDB database that streams write to, each over a session of its own.</summary>
/// <param name="server">The way to it; disposed with the destination.</param>
/// <param name="services">What it may use.</param>
internal sealed class MongoLiveDestination(MongoServer server, DestinationServices services) : IDestination
{
    private const int LongestName = 200;

    public string Kind => "mongodb";

    // While the server writes for one, another makes documents of what has arrived since.
    public int UsefulSharedWriters => 2;

    public async Task<string> CheckAsync(CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        var version = await session.VersionAsync(cancellationToken);
        // Whoever may not read this may not do anything.
        await session.FindAsync(CheckpointCollection.Name, static _ => { }, static w => w.Int64("limit"u8, 1), cancellationToken);
        return $"MongoDB {version} at {server.Name}, through libmongoc {MongoServer.DriverVersion}";
    }

    public async Task CheckTableAsync(StreamTarget target, CancellationToken cancellationToken)
    {
        CheckTarget(target);
        await using var session = await server.ConnectAsync(cancellationToken);
        await CollectionInfo.FindAsync(session, target.Table, cancellationToken);
    }

    public async Task<IStreamWriter> OpenAsync(StreamTarget target, CancellationToken cancellationToken)
    {
        CheckTarget(target);
        var session = await server.ConnectAsync(cancellationToken);
        var collections = new StreamCollections(session, target, services);
        try
        {
            var lease = await MongoLease.TakeAsync(session, target, services.Time, cancellationToken);
            await collections.LoadAsync(cancellationToken);
            var writer = new MongoStreamWriter(server, session, target, lease, collections)
            {
                Fields = [.. collections.Map.Fields.Keys],
                TableHadRows = (await session.FindAsync(target.Table, static _ => { }, static w => w.Int64("limit"u8, 1), cancellationToken)).Count > 0,
            };
            await writer.TidyAsync(cancellationToken);
            return writer;
        }
        catch
        {
            collections.Dispose();
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task<ISharedWriter> OpenSharedAsync(IReadOnlyList<StreamTarget> targets, SharedOptions options, CancellationToken cancellationToken)
    {
        foreach (var target in targets) CheckTarget(target);
        TargetRules.CheckShared(targets);
        var session = await server.ConnectAsync(cancellationToken);
        try
        {
            return await MongoSharedWriter.OpenAsync(server, session, targets, services, cancellationToken);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task<Checkpoint> ReadCheckpointAsync(string pipeline, string stream, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        return await CheckpointCollection.FindAsync(session, pipeline, stream, slice: "", cancellationToken) is { } document ? CheckpointCollection.Of(document) : Checkpoint.None;
    }

    public async Task<IReadOnlyDictionary<string, Checkpoint>> ReadSliceCheckpointsAsync(string pipeline, string stream, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        var documents = await CheckpointCollection.FindAllAsync(session, pipeline, stream, cancellationToken);
        return documents.Where(d => BsonReader.Find(d, "slice"u8).Text is { Length: > 0 }).ToDictionary(d => BsonReader.Find(d, "slice"u8).Text!, d => CheckpointCollection.Of(d), StringComparer.Ordinal);
    }

    public async Task<ObservedDatabase> ObserveAsync(string pipeline, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        var documents = await CheckpointCollection.FindAllAsync(session, pipeline, stream: null, cancellationToken);
        var streams = documents.Where(d => BsonReader.Find(d, "slice"u8).Text is { Length: 0 })
            .Select(d => new ObservedStream(BsonReader.Find(d, "stream"u8).Text!, CheckpointCollection.Of(d), HolderIn(d, session.Now)));
        return new ObservedDatabase(await BytesAsync(session, cancellationToken), [.. streams]);
    }

    public async Task<TableSample> ReadNewestAsync(StreamTarget target, int limit, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        return await NewestDocuments.ReadAsync(session, target, limit, cancellationToken);
    }

    public async Task<TableDescription?> DescribeAsync(StreamTarget target, CancellationToken cancellationToken)
    {
        await using var session = await server.ConnectAsync(cancellationToken);
        return await CollectionDescriber.DescribeAsync(session, target, cancellationToken);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static string? HolderIn(byte[] checkpoint, DateTimeOffset now) =>
        BsonReader.Find(checkpoint, "owner"u8).Text is { } owner && BsonReader.Find(checkpoint, "expires_at"u8).Time > now && !LeaseOwner.IsDead(owner) ? owner : null;

    private static async Task<long?> BytesAsync(MongoSession session, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.CommandAsync(BsonWriter.Document(static w => w.Int32("dbStats"u8, 1)), cancellationToken);
            return BsonReader.Find(answer, "totalSize"u8).IntegerOrNull ?? BsonReader.Find(answer, "storageSize"u8).IntegerOrNull;
        }
        catch (MongoError e) when (e.Fault == DestinationFault.Fatal)
        {
            // Not every user may ask.
            return null;
        }
    }

    private static void CheckTarget(StreamTarget target)
    {
        if (target.Table.Length == 0 || target.Table.Contains('$', StringComparison.Ordinal) || target.Table.Contains('\0', StringComparison.Ordinal)
            || target.Table.StartsWith(ColumnCollection.Prefix, StringComparison.Ordinal) || target.Table.StartsWith("system.", StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(target.Table) > LongestName)
            throw new DestinationException(DestinationFault.Fatal, $"'{target.Table}' can't be the collection of the stream '{target.Stream}': the name is reserved, empty, too long, or holds a dollar sign or NUL; name another one");
        if (target.Partitioning is not null)
            throw new DestinationException(DestinationFault.Fatal, $"the stream '{target.Stream}' asks for a table in partitions, but MongoDB has no partitions: take partition_by out");
        TargetRules.Check(target);
        foreach (var field in target.Disposition == WriteDisposition.Append ? [] : target.Schema.PrimaryKey)
        {
            if (FieldNames.ProblemOf(field, isUpdate: true) is { } problem) throw new DestinationException(DestinationFault.Fatal, $"'{field}' can't be part of the primary key of '{target.Stream}': {problem}");
        }
    }
}
